package test.rules.license.noncommercial

import data.sidecar.rules.license.noncommercial as rule
import data.test.documents

_research := object.union(documents.mit, {"id": "Research", "name": "Research License", "commercial_use": "no"})

test_success_permissive if {
	rule.deny == set() with input as documents.plain
}

test_success_tenant_is_not_commercial if {
	rule.deny == set() with input as object.union(documents.licensed(_research), {"tenant": {"commercial": false}})
}

test_success_conditional if {
	rule.deny == set() with input as documents.licensed(documents.community)
}

test_fail_commercial_tenant if {
	{{
		"message": "Research License forbids commercial use",
		"clause": "Research License",
		"remedy": "Take another model, or a commercial license from the licensor, entered in the overlay of the catalog.",
		"basis": "Research",
	}} == rule.deny with input as documents.licensed(_research)
}

test_fail_every_license_must_hold if {
	{["", "Research"]} == documents.about(rule.deny) with input as documents.with_parts({"target": {"license_facts": [documents.mit, _research]}})
}

test_fail_strict_and_unread if {
	unread := object.union(documents.mit, {"verified": false})
	{["", "MIT"]} == documents.about(rule.deny) with input as object.union(documents.licensed(unread), {"tenant": {"strict": true}})
	rule.deny == set() with input as documents.licensed(unread)
}
