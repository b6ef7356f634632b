package test.rules.residency.allowed

import data.sidecar.rules.residency.allowed as rule
import data.test.documents

_living(residency, regions) := documents.with_parts({"tenant": {"residency": residency}, "target": {"serving": {"regions": regions}}})

test_success_no_list if {
	rule.deny == set() with input as documents.plain
}

test_success_inside_whatever_the_parent if {
	rule.deny == set() with input as object.union(_living(["FI", "DE"], ["FI"]), {"target": {"serving": {"parent_jurisdiction": "CN"}}})
}

test_fail_one_region_outside if {
	{{
		"message": "nebius processes in US, outside of EU",
		"clause": "the tenant's own residency list",
		"remedy": "Pin a region inside the list, take another provider, or use a self-hosted target.",
		"basis": "tenant.residency",
	}} == rule.deny with input as _living(["EU"], ["FI", "US"])
}

test_some_country_of_the_union if {
	rule.deny == set() with input as _living(["EU"], ["EU"])
	1 == count(rule.deny) with input as _living(["DE", "FR"], ["EU"])
}

test_fail_unknown_or_none if {
	1 == count(rule.deny) with input as _living(["EU"], ["ZZ"])
	1 == count(rule.deny) with input as _living(["EU"], [])
	1 == count(rule.deny) with input as _living(["EU", "ZZ"], ["ZZ"])
}

test_success_own if {
	rule.deny == set() with input as object.union(_living(["FR"], ["DE"]), {"target": {"serving": {"self_hosted": true}}})
}

test_fail_strict_and_recalled if {
	1 == count(rule.deny) with input as object.union(_living(["FI"], ["FI"]), {"tenant": {"strict": true}, "target": {"unverified": ["serving.regions"]}})
}
