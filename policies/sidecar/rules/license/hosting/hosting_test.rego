package test.rules.license.hosting

import data.sidecar.rules.license.hosting as rule
import data.test.documents

_clause := {"floor_usd_year": 240, "effect": "deny", "internal_use_exempt": false, "relay_exempt": false, "text": "ask before offering it", "clause": "s.4"}

_under(changes) := object.union(documents.community, {"hosting": object.union(_clause, changes)})

_earning(revenue) := {"operator": {"monthly_revenue_usd": revenue}}

_own(terms) := documents.with_parts({"target": object.union(documents.own, {"license_facts": [terms]})})

test_success_no_clause if {
	rule.deny == set() with input as documents.plain
}

test_fail_unknown_revenue_is_above_the_floor if {
	{{
		"message": "Community License: ask before offering it",
		"clause": "s.4",
		"remedy": "Use another host or model, or get the operator of the gateway a license from the licensor.",
		"basis": "LicenseRef-Community",
	}} == rule.deny with input as documents.licensed(_under({}))
}

test_floor if {
	rule.deny == set() with input as object.union(documents.licensed(_under({})), _earning(20))
	1 == count(rule.deny) with input as object.union(documents.licensed(_under({})), _earning(21))
}

test_fail_without_floor_acceptance_does_not_cure if {
	document := object.union(documents.licensed(_under({"floor_usd_year": 0})), {"operator": {"monthly_revenue_usd": 0}, "tenant": {"accepted_licenses": ["LicenseRef-Community"]}})
	1 == count(rule.deny) with input as document
}

test_success_operator_offers_nothing if {
	document := object.union(documents.licensed(_under({})), {"operator": {"offers_models_to_third_parties": false}})
	rule.deny == set() with input as document
}

test_success_relay if {
	rule.deny == set() with input as documents.licensed(_under({"relay_exempt": true}))
}

test_fail_own_hardware_is_no_relay if {
	1 == count(rule.deny) with input as _own(_under({"relay_exempt": true}))
}

test_success_internal_use if {
	rule.deny == set() with input as _own(_under({"internal_use_exempt": true}))
}

test_fail_a_host_is_no_internal_use if {
	1 == count(rule.deny) with input as documents.licensed(_under({"internal_use_exempt": true}))
}

test_notice if {
	rule.deny == set() with input as documents.licensed(_under({"effect": "notice"}))
	1 == count(rule.notice) with input as documents.licensed(_under({"effect": "notice"}))
}

test_fail_strict_and_unread if {
	unread := object.union(documents.mit, {"unverified": ["hosting"]})
	{["", "MIT"]} == documents.about(rule.deny) with input as object.union(documents.licensed(unread), {"tenant": {"strict": true}})
	rule.deny == set() with input as object.union(documents.licensed(unread), {"tenant": {"strict": true}, "operator": {"offers_models_to_third_parties": false}})
}
