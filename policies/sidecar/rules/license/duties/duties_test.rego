package test.rules.license.duties

import data.sidecar.rules.license.duties as rule
import data.test.documents

test_success_none if {
	rule.oblige == set() with input as documents.plain
}

test_fail_conditions_that_no_fact_answers if {
	terms := object.union(documents.community, {"duties": [
		{"kind": "competitor", "when": "always", "text": "No competitor of the licensor", "clause": "s.6"},
		{"kind": "naming", "when": "always", "text": "Call it so", "clause": "s.1"},
		{"kind": "review", "when": "self_hosted", "text": "Security review", "clause": "s.7"},
	]})
	{{"text": "No competitor of the licensor", "clause": "s.6", "basis": "LicenseRef-Community"}} == rule.oblige with input as documents.licensed(terms)
}
