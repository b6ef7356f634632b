package test.rules.license.territory

import data.sidecar.rules.license.territory as rule
import data.test.documents

_excluding(tests) := object.union(documents.community, {"territory": {"excluded": ["EU", "GB", "KR"], "tested_against": tests, "clause": "s.5(c)"}})

test_success_no_clause if {
	rule.deny == set() with input as documents.plain
}

test_fail_establishment if {
	{{
		"message": "Community License grants nothing in DE",
		"clause": "s.5(c)",
		"remedy": "Take a model whose license covers these countries.",
		"basis": "LicenseRef-Community",
	}} == rule.deny with input as documents.licensed(_excluding(["licensee_establishment"]))
}

test_success_users_do_not_count_for_establishment if {
	document := object.union(documents.licensed(_excluding(["licensee_establishment"])), {"tenant": {"country": "US", "user_countries": ["KR"]}})
	rule.deny == set() with input as document
}

test_fail_one_user_country_is_enough if {
	every test in ["use_location", "output_location"] {
		document := object.union(documents.licensed(_excluding([test])), {"tenant": {"country": "US", "user_countries": ["JP", "KR"]}})
		{"Community License grants nothing in KR"} == {reason.message | some reason in rule.deny} with input as document
	}
}

test_success_outside if {
	document := object.union(documents.licensed(_excluding(["use_location"])), {"tenant": {"country": "US", "user_countries": ["JP"]}})
	rule.deny == set() with input as document
}

test_fail_strict_and_unread if {
	unread := object.union(documents.mit, {"unverified": ["territory"]})
	{["", "MIT"]} == documents.about(rule.deny) with input as object.union(documents.licensed(unread), {"tenant": {"strict": true}})
	rule.deny == set() with input as documents.licensed(unread)
}
