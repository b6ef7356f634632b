package test.rules.trust.training

import data.sidecar.rules.trust.training as rule
import data.test.documents

_trained(word) := object.union(documents.holding(["contact"]), {"target": {"serving": {"trains_on_inputs": word}}})

test_success_no_training if {
	rule.deny == set() with input as _trained("no")
}

test_success_nothing_protected if {
	rule.deny == set() with input as object.union(_trained("yes"), {"content": {"classes": ["person_name_bare"]}})
}

test_success_own if {
	rule.deny == set() with input as object.union(_trained("yes"), {"target": {"serving": {"self_hosted": true}}})
}

test_fail_trained_or_perhaps if {
	every word in ["yes", "opt-out", "unknown"] {
		{["contact", "EU-GDPR"]} == documents.about(rule.deny) with input as _trained(word)
	}
}

test_fail_strict_and_recalled if {
	document := object.union(_trained("no"), {"tenant": {"strict": true}, "target": {"unverified": ["serving.trains_on_inputs"]}})
	{"nebius trains on inputs (unknown), and contact (e-mail, phone, postal address) is protected by GDPR (Regulation 2016/679)"} == {said.message | some said in rule.deny} with input as document
}

test_pseudonyms if {
	document := object.union(_trained("yes"), {"content": {"classes": ["pseudonymized"]}})
	{["pseudonymized", "EU-GDPR"]} == documents.about(rule.deny) with input as document
	rule.deny == set() with input as object.union(document, {"tenant": {"pseudonymized_transfers": ["EU-GDPR"]}})
}

test_unclassified_is_contact if {
	document := object.union(_trained("yes"), {"content": {"classes": ["unclassified"]}})
	{["unclassified", "EU-GDPR"]} == documents.about(rule.deny) with input as document
	rule.deny == set() with input as object.union(document, {"tenant": {"regimes": ["PCI-DSS"]}})
}
