# The house lint: a policy over the policies.
#
# It is asked `data.checks.faults` with this input, paths as seen from the folder of policies:
#
#   {"inspect": what `opa inspect --annotations --format json sidecar` prints,
#    "modules": {"sidecar/rules/license/scale/scale.rego": what `opa parse --format json` prints of that file, …},
#    "overlay": false}
#
# `modules` holds every .rego file below sidecar/, tests too; `overlay` says that the folder lies over another, which has main.
# It answers a set of strings, `file: what is wrong`; empty is good.
# Tests are files that end in _test.rego; what lies in a folder testdata is theirs.

# METADATA
# title: House lint
# description: What a rule must say of itself, where it must lie, and what no policy may do.
package checks

import data.checks.syntax

_words := ["title", "description"]

_custom_words := ["clause", "source", "remedy"]

_sets := {"deny", "redact", "oblige", "notice"}

# METADATA
# description: Everything that is wrong, one sentence each.
faults contains sprintf("%s: METADATA of the package lacks %s", [file, word]) if {
	some file in _rules
	some word in _words
	not _says(file, word)
}

faults contains sprintf("%s: METADATA of the package lacks custom.%s", [file, word]) if {
	some file in _rules
	some word in _custom_words
	not _says_custom(file, word)
}

faults contains sprintf("%s: METADATA must say custom.hard_boundary, true or false", [file]) if {
	some file in _rules
	not _says_boundary(file)
}

faults contains sprintf("%s: METADATA must say custom.directions, a list of request, response or both", [file]) if {
	some file in _rules
	not _says_directions(file)
}

faults contains sprintf("%s: no test beside it: %s", [file, test]) if {
	some file in _rules
	test := replace(file, ".rego", "_test.rego")
	not _tested(test)
}

faults contains sprintf("%s: says nothing: none of deny, redact, oblige, notice", [file]) if {
	some file in _rules
	not _speaks(file)
}

faults contains sprintf("%s: %s must be a partial set (`%s contains …`), or main does not hear it", [file, name, name]) if {
	some file in _rules
	some rule in input.modules[file].rules
	name := rule.head.name
	name in _sets
	not rule.head.key
}

faults contains sprintf("%s: the package %s does not follow from the path", [file, concat(".", package_path)]) if {
	some file in _served
	package_path := syntax.package_path(input.modules[file])
	not _follows(file, package_path)
}

faults contains sprintf("%s: a rule lies at sidecar/rules/<area>/<rule>/<rule>.rego", [file]) if {
	some file in _served
	startswith(file, "sidecar/rules/")
	not file in _rules
}

faults contains sprintf("%s: the package of a test begins with test, so that no rule is found twice", [file]) if {
	some file, module in input.modules
	endswith(file, "_test.rego")
	not _set_aside(file)
	syntax.package_path(module)[0] != "test"
}

faults contains sprintf("%s: uses the whole input; name the field", [file]) if {
	some file in _served
	file != "sidecar/main/main.rego" # which asks the rules about another target
	syntax.whole_input(input.modules[file])
}

faults contains sprintf("%s: `not` around a call or a comparison that reads a field is silent where the field is missing; negate a helper", [file]) if {
	some file in _served
	syntax.brittle_negation(input.modules[file])
}

faults contains sprintf("%s: calls %s; a decision looks at its input and its data, and at nothing else", [file, name]) if {
	some file in _served
	some name in syntax.names(input.modules[file])
	syntax.impure(name)
}

faults contains sprintf("%s: a rule named internal breaks `in` and `every` in its module", [file]) if {
	some file in _served
	some rule in input.modules[file].rules
	rule.head.name == "internal"
}

faults contains "sidecar/main/main.rego: decision is not there, or its METADATA does not say `entrypoint: true`" if {
	not input.overlay
	not _entrypoint
}

# --- where things are ---------------------------------------------------------------------------

_served contains file if {
	some file, _ in input.modules
	not endswith(file, "_test.rego")
	not _set_aside(file)
}

_set_aside(file) if contains(file, "/testdata/")

_rules contains file if {
	some file in _served
	["sidecar", "rules", _, rule, name] = split(file, "/")
	name == sprintf("%s.rego", [rule])
}

_follows(file, package_path) if concat("/", package_path) == trim_suffix(file, ".rego")

_follows(file, package_path) if {
	last := package_path[count(package_path) - 1]
	sprintf("%s/%s", [concat("/", package_path), last]) == trim_suffix(file, ".rego")
}

# --- what a rule says of itself ---------------------------------------------------------------------

_annotations(file) := note.annotations if {
	some note in input.inspect.annotations
	note.location.file == file
	note.annotations.scope == "package"
}

# helpers, since a missing part of an argument would make `not` itself undefined
_says(file, word) if _stated(_annotations(file)[word])

_says_custom(file, word) if _stated(_annotations(file).custom[word])

_stated(word) if {
	is_string(word)
	trim_space(word) != ""
}

_says_boundary(file) if is_boolean(_annotations(file).custom.hard_boundary)

_says_directions(file) if {
	directions := _annotations(file).custom.directions
	is_array(directions)
	count(directions) > 0
	every direction in directions { direction in {"request", "response"} }
}

_tested(test) if {
	some rule in input.modules[test].rules
	startswith(rule.head.name, "test_")
}

_speaks(file) if {
	some rule in input.modules[file].rules
	rule.head.name in _sets
}

_entrypoint if {
	some note in input.inspect.annotations
	[part.value | some part in note.path] == ["data", "sidecar", "main", "decision"]
	note.annotations.entrypoint == true
}
