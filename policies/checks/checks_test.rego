package test.checks

import data.checks

_file := "sidecar/rules/license/scale/scale.rego"

_test_file := "sidecar/rules/license/scale/scale_test.rego"

_path(parts) := array.concat([{"type": "var", "value": "data"}], [{"type": "string", "value": part} | some part in parts])

_ref(parts) := {"type": "ref", "value": array.concat([{"type": "var", "value": parts[0]}], [{"type": "string", "value": part} | some part in array.slice(parts, 1, count(parts))])}

_module(parts, rules) := {"package": {"path": _path(parts)}, "rules": rules}

_set(name) := {"head": {"name": name, "key": {"type": "string", "value": "no"}}, "body": [{"terms": _ref(["input", "tenant", "id"])}]}

_rule := _module(["sidecar", "rules", "license", "scale"], [_set("deny")])

_test := _module(["test", "rules", "license", "scale"], [{"head": {"name": "test_success"}, "body": []}])

_note(parts, file, annotations) := {"path": _path(parts), "location": {"file": file}, "annotations": annotations}

_metadata := {
	"scope": "package",
	"title": "Size",
	"description": "Says what a size does.",
	"custom": {"clause": "s.2", "source": "the catalog", "remedy": "Grow.", "hard_boundary": false, "directions": ["request"]},
}

_entry := _note(["sidecar", "main", "decision"], "sidecar/main/main.rego", {"scope": "document", "entrypoint": true})

_main := _module(["sidecar", "main"], [{"head": {"name": "decision", "value": {}}, "body": []}])

_document(rule, metadata) := {
	"inspect": {"annotations": [_note(["sidecar", "rules", "license", "scale"], _file, metadata), _entry]},
	"modules": {"sidecar/main/main.rego": _main, _file: rule, _test_file: _test},
}

_faults(rule) := faults if {
	faults := checks.faults with input as _document(rule, _metadata)
}

_told(metadata) := faults if {
	faults := checks.faults with input as _document(_rule, metadata)
}

test_success_a_good_rule if {
	_faults(_rule) == set()
}

test_fail_metadata_missing if {
	every word in ["title", "description"] {
		{sprintf("%s: METADATA of the package lacks %s", [_file, word])} == _told(json.remove(_metadata, [word]))
	}
	every word in ["clause", "source", "remedy"] {
		{sprintf("%s: METADATA of the package lacks custom.%s", [_file, word])} == _told(json.patch(_metadata, [{"op": "replace", "path": ["custom", word], "value": " "}]))
	}
}

test_fail_none_at_all if {
	7 == count(_told({"scope": "rule"}))
}

test_fail_boundary_not_stated if {
	{sprintf("%s: METADATA must say custom.hard_boundary, true or false", [_file])} == _told(json.patch(_metadata, [{"op": "replace", "path": "/custom/hard_boundary", "value": "no"}]))
}

test_fail_directions if {
	every wrong in ["request", [], ["sideways"]] {
		{sprintf("%s: METADATA must say custom.directions, a list of request, response or both", [_file])} == _told(json.patch(_metadata, [{"op": "replace", "path": "/custom/directions", "value": wrong}]))
	}
}

test_fail_no_test if {
	{sprintf("%s: no test beside it: %s", [_file, _test_file])} == checks.faults with input as json.remove(_document(_rule, _metadata), [["modules", _test_file]])
}

test_fail_says_nothing if {
	{sprintf("%s: says nothing: none of deny, redact, oblige, notice", [_file])} == _faults(_module(["sidecar", "rules", "license", "scale"], [_set("other")]))
}

test_fail_not_a_set if {
	{sprintf("%s: deny must be a partial set (`deny contains …`), or main does not hear it", [_file])} == _faults(_module(["sidecar", "rules", "license", "scale"], [{"head": {"name": "deny", "value": true}, "body": []}]))
}

test_fail_package_and_path if {
	{sprintf("%s: the package sidecar.rules.license.size does not follow from the path", [_file])} == _faults(_module(["sidecar", "rules", "license", "size"], [_set("deny")]))
}

test_success_package_is_the_file_or_its_folder if {
	document := json.patch(_document(_rule, _metadata), [{"op": "add", "path": ["modules", "sidecar/lib/words.rego"], "value": _module(["sidecar", "lib", "words"], [])}])
	set() == checks.faults with input as document
}

test_fail_rule_elsewhere if {
	file := "sidecar/rules/license/scale.rego"
	document := json.patch(_document(_rule, _metadata), [{"op": "add", "path": ["modules", file], "value": _module(["sidecar", "rules", "license", "scale"], [_set("deny")])}])
	{sprintf("%s: a rule lies at sidecar/rules/<area>/<rule>/<rule>.rego", [file])} == checks.faults with input as document
}

test_fail_test_that_would_be_found if {
	document := json.patch(_document(_rule, _metadata), [{"op": "replace", "path": ["modules", _test_file, "package"], "value": {"path": _path(["sidecar", "rules", "license", "scale_test"])}}])
	{sprintf("%s: the package of a test begins with test, so that no rule is found twice", [_test_file])} == checks.faults with input as document
}

test_success_test_data_may_be_anywhere if {
	document := json.patch(_document(_rule, _metadata), [{"op": "add", "path": ["modules", "sidecar/testdata/fixtures_test.rego"], "value": _module(["sidecar"], [])}])
	set() == checks.faults with input as document
}

test_fail_whole_input if {
	every whole in [{"type": "var", "value": "input"}, _ref(["input"]), {"type": "array", "value": [{"type": "var", "value": "input"}]}] {
		rule := object.union(_set("deny"), {"body": [{"terms": [_ref(["count"]), whole]}]})
		{sprintf("%s: uses the whole input; name the field", [_file])} == _faults(_module(["sidecar", "rules", "license", "scale"], [rule]))
	}
}

_negating(terms) := _module(["sidecar", "rules", "license", "scale"], [object.union(_set("deny"), {"body": [{"negated": true, "terms": terms}]})])

_field := _ref(["input", "tenant", "country"])

test_fail_brittle_negation if {
	every terms in [
		[_ref(["lte"]), _field, {"type": "number", "value": 3}],
		[_ref(["internal", "member_2"]), {"type": "string", "value": "x"}, _field],
		[_ref(["_helper"]), {"type": "call", "value": [_ref(["array", "slice"]), _field]}],
	] {
		{sprintf("%s: `not` around a call or a comparison that reads a field is silent where the field is missing; negate a helper", [_file])} == _faults(_negating(terms))
	}
}

test_success_sound_negation if {
	every terms in [
		_field,
		[_ref(["equal"]), _field, {"type": "string", "value": "DE"}],
		[_ref(["_helper"]), {"type": "var", "value": "country"}],
		[_ref(["_helper"]), {"type": "call", "value": [_ref(["array", "slice"]), {"type": "var", "value": "words"}]}],
	] {
		_faults(_negating(terms)) == set()
	}
}

test_fail_impure if {
	every name in ["time.now_ns", "http.send", "uuid.rfc4122", "rego.metadata.rule"] {
		rule := object.union(_set("deny"), {"body": [{"terms": [_ref(split(name, "."))]}]})
		{sprintf("%s: calls %s; a decision looks at its input and its data, and at nothing else", [_file, name])} == _faults(_module(["sidecar", "rules", "license", "scale"], [rule]))
	}
}

test_fail_a_rule_named_internal if {
	{sprintf("%s: a rule named internal breaks `in` and `every` in its module", [_file])} == _faults(_module(["sidecar", "rules", "license", "scale"], [_set("deny"), {"head": {"name": "internal"}, "body": []}]))
}

test_fail_no_entrypoint if {
	{"sidecar/main/main.rego: decision is not there, or its METADATA does not say `entrypoint: true`"} == checks.faults with input as json.patch(_document(_rule, _metadata), [{"op": "remove", "path": "/inspect/annotations/1"}])
}

test_success_overlay_without_main if {
	set() == checks.faults with input as json.patch(_document(_rule, _metadata), [{"op": "remove", "path": "/inspect/annotations/1"}, {"op": "add", "path": "/overlay", "value": true}])
}
