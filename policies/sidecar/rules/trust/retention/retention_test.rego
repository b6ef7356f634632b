package test.rules.trust.retention

import data.sidecar.rules.trust.retention as rule
import data.test.documents

_kept(days, permitted) := documents.with_parts({"tenant": {"max_retention_days": permitted}, "target": {"serving": {"retention_days": days}}})

test_success_not_limited if {
	rule.deny == set() with input as _kept(null, null)
}

test_success_within if {
	rule.deny == set() with input as _kept(30, 30)
}

test_fail_above if {
	{{
		"message": "nebius keeps inputs for 31 days, the tenant permits 30",
		"clause": "the tenant's own limit",
		"remedy": "Take a provider that keeps inputs for a shorter time, or agree on one and enter it in the overlay of the catalog.",
		"basis": "tenant.max_retention_days",
	}} == rule.deny with input as _kept(31, 30)
}

test_fail_unknown if {
	{"nebius keeps inputs for an unknown number of days, the tenant permits 0"} == {said.message | some said in rule.deny} with input as _kept(null, 0)
}

test_fail_strict_and_recalled if {
	1 == count(rule.deny) with input as object.union(_kept(0, 30), {"tenant": {"strict": true}, "target": {"unverified": ["serving.retention_days"]}})
}

test_success_own if {
	rule.deny == set() with input as object.union(_kept(31, 30), {"target": {"serving": {"self_hosted": true}}})
}
