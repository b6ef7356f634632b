package test.rules.identity.unidentified_target

import data.sidecar.rules.identity.unidentified_target as rule
import data.test.documents

test_success_identified if {
	rule.deny == set() with input as documents.plain
}

test_fail_unknown_model if {
	document := documents.with_parts({"target": {"id": "x@y", "identified": false, "unidentified": "model_unknown"}})
	{{
		"message": "x@y: the catalog knows no such model",
		"clause": "Unknown is never yes",
		"remedy": "Name a model that the catalog knows, or add it to the overlay of the catalog.",
		"basis": "catalog",
	}} == rule.deny with input as document
}

test_fail_without_a_word if {
	document := documents.with_parts({"target": {"id": "x@y", "identified": false, "unidentified": ""}})
	{"x@y: the target cannot be identified"} == {reason.message | some reason in rule.deny} with input as document
}

test_fail_fact_missing if {
	document := json.remove(documents.plain, ["/target/identified"])
	1 == count(rule.deny) with input as document
}
