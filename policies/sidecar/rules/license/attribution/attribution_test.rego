package test.rules.license.attribution

import data.sidecar.rules.license.attribution as rule
import data.test.documents

_owing(duties) := object.union(documents.community, {"duties": duties})

_display := {"kind": "display", "when": "always", "text": "Built with Fixture", "clause": "s.1"}

_limit := {"measure": "monthly_active_users", "limit": 100, "compare": "above", "effect": "display", "text": "Show the name", "clause": "s.3"}

test_success_notices_of_permissive_licenses_at_a_host if {
	rule.oblige == set() with input as documents.plain
}

test_fail_notices_of_permissive_licenses_at_home if {
	{{"text": "Keep the notice", "clause": "MIT", "basis": "MIT"}} == rule.oblige with input as documents.with_parts({"target": documents.own})
}

test_fail_always if {
	every kind in ["display", "naming", "pass_through", "notice"] {
		document := documents.licensed(_owing([object.union(_display, {"kind": kind})]))
		{{"text": "Built with Fixture", "clause": "s.1", "basis": "LicenseRef-Community"}} == rule.oblige with input as document
	}
}

test_success_other_kinds_are_other_duties if {
	rule.oblige == set() with input as documents.licensed(_owing([object.union(_display, {"kind": "review"})]))
}

test_only_self_hosted if {
	terms := _owing([object.union(_display, {"when": "self_hosted"})])
	rule.oblige == set() with input as documents.licensed(terms)
	1 == count(rule.oblige) with input as documents.with_parts({"target": object.union(documents.own, {"license_facts": [terms]})})
}

test_from_a_size_on if {
	terms := object.union(_owing([object.union(_display, {"when": "scale"})]), {"scale": [_limit]})
	rule.oblige == set() with input as object.union(documents.licensed(terms), {"tenant": {"monthly_active_users": 100}})
	{{"text": "Built with Fixture", "clause": "s.1", "basis": "LicenseRef-Community"}} == rule.oblige with input as documents.licensed(terms)
}

test_a_limit_speaks_where_no_duty_does if {
	terms := object.union(_owing([]), {"scale": [_limit]})
	{{"text": "Show the name", "clause": "s.3", "basis": "LicenseRef-Community"}} == rule.oblige with input as documents.licensed(terms)
	rule.oblige == set() with input as object.union(documents.licensed(terms), {"tenant": {"monthly_active_users": 100}})
}
