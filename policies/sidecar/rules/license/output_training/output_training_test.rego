package test.rules.license.output_training

import data.sidecar.rules.license.output_training as rule
import data.test.documents

_for(purpose, terms) := object.union(documents.licensed(object.union(documents.mit, terms)), {"request": {"attributes": {"purpose": purpose}}})

test_fail_forbidden if {
	{{
		"message": "MIT License does not permit to train models on its outputs (prohibited)",
		"clause": "MIT License",
		"remedy": "Take a model whose license leaves its outputs free, or correct the purpose of the request.",
		"basis": "MIT",
	}} == rule.deny with input as _for("model-training", {"output_training": "prohibited"})
}

test_fail_unknown if {
	{["", "MIT"]} == documents.about(rule.deny) with input as _for("model-training", {"output_training": "unknown"})
}

test_success_free_or_for_a_duty if {
	every effect in ["none", "attribution", "naming", "derivative"] {
		rule.deny == set() with input as _for("model-training", {"output_training": effect})
	}
}

test_success_another_purpose if {
	rule.deny == set() with input as _for("support", {"output_training": "prohibited"})
	rule.deny == set() with input as documents.licensed(object.union(documents.mit, {"output_training": "prohibited"}))
}

test_fail_strict_and_recalled if {
	recalled := _for("model-training", {"unverified": ["output_training"]})
	rule.deny == set() with input as recalled
	{["", "MIT"]} == documents.about(rule.deny) with input as object.union(recalled, {"tenant": {"strict": true}})
}
