package test.rules.license.acceptance

import data.sidecar.rules.license.acceptance as rule
import data.test.documents

test_success_permissive_and_contracts if {
	every class in ["permissive", "weak-copyleft", "proprietary-api"] {
		rule.deny == set() with input as documents.licensed(object.union(documents.mit, {"class": class}))
	}
}

test_fail_not_accepted if {
	every class in ["community-restricted", "open-rail", "research-noncommercial", "unknown"] {
		{["", "MIT"]} == documents.about(rule.deny) with input as documents.licensed(object.union(documents.mit, {"class": class}))
	}
}

test_fail_says_what_to_add if {
	{{
		"message": "Community License (community-restricted) is not among the licenses that the tenant has accepted",
		"clause": "Community License",
		"remedy": "Read the license and add LicenseRef-Community to accepted_licenses in the tenants file.",
		"basis": "LicenseRef-Community",
	}} == rule.deny with input as documents.licensed(documents.community)
}

test_success_accepted if {
	rule.deny == set() with input as object.union(documents.licensed(documents.community), {"tenant": {"accepted_licenses": ["LicenseRef-Community"]}})
}

test_fail_no_license_at_all if {
	{["", "catalog"]} == documents.about(rule.deny) with input as documents.with_parts({"target": {"license_facts": []}})
}

test_success_nothing_is_said_of_what_is_not_identified if {
	rule.deny == set() with input as documents.with_parts({"target": {"identified": false, "license_facts": []}})
}

test_fail_strict_and_which_license_is_recalled if {
	document := documents.with_parts({"tenant": {"strict": true}, "target": {"unverified": ["license"]}})
	{"MIT License (unknown) is not among the licenses that the tenant has accepted"} == {said.message | some said in rule.deny} with input as document
}

test_fail_strict_only_of_the_license_that_is_recalled if {
	recalled := object.union(documents.mit, {"id": "Recalled", "name": "Recalled License", "verified": false})
	document := documents.with_parts({"tenant": {"strict": true}, "target": {"license_facts": [documents.mit, recalled], "unverified": ["license_facts"]}})
	{["", "Recalled"]} == documents.about(rule.deny) with input as document
}
