# METADATA
# title: Syntax
# description: Reads what `opa parse --format json` prints of a module.
package checks.syntax

# METADATA
# description: The parts of a module's package, without `data`.
package_path(module) := [part.value | some part in array.slice(module["package"].path, 1, count(module["package"].path))]

# METADATA
# description: The module uses `input` itself, not a field of it.
whole_input(module) if {
	some path
	walk(module.rules, [path, node])
	_is_input(node)
	not _begins_a_longer_name(module.rules, path)
}

# METADATA
# description: The dotted names in a module, builtins among them.
names(module) := {concat(".", parts) |
	walk(module.rules, [_, node])
	node.type == "ref"
	is_array(node.value)
	parts := [part.value | some part in node.value; is_string(part.value)]
}

# METADATA
# description: A builtin that looks at more than input and data, or whose answer differs between engines.
impure(name) if {
	name in {
		"http.send",
		"json.match_schema",
		"json.verify_schema",
		"net.lookup_ip_addr",
		"opa.runtime",
		"rand.intn",
		"rego.parse_module",
		"time.now_ns",
	}
}

impure(name) if strings.any_prefix_match(name, ["crypto.", "io.jwt.", "providers.aws.", "rego.metadata.", "uuid."])

# METADATA
# description: >-
#   The module negates a call whose argument is a field. OPA looks the argument up before the negation, so that a missing field makes
#   the whole expression undefined instead of true. Only `not a.b` and `not a.b == c` are safe.
brittle_negation(module) if {
	some path
	walk(module.rules, [path, node])
	node.negated == true
	is_array(node.terms)
	not _equality(node.terms[0])
	some argument in array.slice(node.terms, 1, count(node.terms))
	_reads_a_field(argument)
}

_is_input(node) if {
	node.type == "var"
	node.value == "input"
}

_begins_a_longer_name(rules, path) if {
	depth := count(path)
	array.slice(path, depth - 2, depth) == ["value", 0]
	parent := object.get({"rules": rules}, array.concat(["rules"], array.slice(path, 0, depth - 2)), {})
	parent.type == "ref"
	count(parent.value) > 1
}

_equality(operator) if [part.value | some part in operator.value] == ["equal"]

_reads_a_field(argument) if {
	some path
	walk(argument, [path, node])
	node.type == "ref"
	count(node.value) > 1
	not _names_a_function(argument, path)
}

_names_a_function(argument, path) if {
	depth := count(path)
	array.slice(path, depth - 2, depth) == ["value", 0]
	parent := object.get({"argument": argument}, array.concat(["argument"], array.slice(path, 0, depth - 2)), {})
	parent.type == "call"
}
