package test.rules.content.foreign_pseudonym

import data.sidecar.rules.content.foreign_pseudonym as rule
import data.test.documents

test_success_own if {
	rule.redact == set() with input as documents.holding(["contact", "pseudonymized"])
}

test_fail_foreign if {
	{{
		"class": "foreign_pseudonym",
		"operator": "remove",
		"reason": {
			"message": "the reply of nebius holds a pseudonym that is not this customer's",
			"clause": "A reply speaks of its own customer's data alone",
			"remedy": "Look for what mixes customers between the gateway and the model, such as a shared cache, memory or index.",
			"basis": "content",
		},
	}} == rule.redact with input as documents.holding(["foreign_pseudonym"])
}
