package test.rules.license.scale

import data.sidecar.rules.license.scale as rule
import data.test.documents

_limited(measure, limit, compare, effect) := object.union(documents.community, {"scale": [{
	"measure": measure,
	"limit": limit,
	"compare": compare,
	"effect": effect,
	"text": "a license must be asked for",
	"clause": "s.2",
}]})

_sized(terms, users, revenue) := object.union(documents.licensed(terms), {"tenant": {"monthly_active_users": users, "monthly_revenue_usd": revenue}})

test_success_no_limit if {
	rule.deny == set() with input as documents.plain
}

test_fail_unknown_size_says_what_to_state if {
	{{
		"message": "Community License sets a limit of 700 on monthly_active_users, and the tenant has not stated monthly_active_users",
		"clause": "s.2",
		"remedy": "State monthly_active_users in the tenants file.",
		"basis": "LicenseRef-Community",
	}} == rule.deny with input as documents.licensed(_limited("monthly_active_users", 700, "above", "deny"))
}

test_above if {
	terms := _limited("monthly_active_users", 700, "above", "deny")
	rule.deny == set() with input as _sized(terms, 700, null)
	{"Community License: a license must be asked for (monthly_active_users is 701, the limit 700)"} == {said.message | some said in rule.deny} with input as _sized(terms, 701, null)
}

test_from if {
	terms := _limited("daily_active_users", 700, "from", "deny")
	rule.deny == set() with input as _sized(terms, 699, null)
	1 == count(rule.deny) with input as _sized(terms, 700, null)
}

test_revenue_of_a_month if {
	terms := _limited("monthly_revenue_usd", 20, "above", "deny")
	rule.deny == set() with input as _sized(terms, null, 20)
	1 == count(rule.deny) with input as _sized(terms, null, 21)
	{"State monthly_revenue_usd in the tenants file."} == {said.remedy | some said in rule.deny} with input as _sized(terms, 5, null)
}

test_a_year_is_twelve_months if {
	terms := _limited("yearly_revenue_usd", 240, "above", "deny")
	rule.deny == set() with input as _sized(terms, null, 20)
	1 == count(rule.deny) with input as _sized(terms, null, 21)
	{"State monthly_revenue_usd in the tenants file."} == {said.remedy | some said in rule.deny} with input as _sized(terms, null, null)
}

test_unknown_day_figure if {
	{"State monthly_active_users in the tenants file."} == {said.remedy | some said in rule.deny} with input as documents.licensed(_limited("daily_active_users", 1, "above", "deny"))
}

test_success_a_display_limit_denies_nothing if {
	rule.deny == set() with input as documents.licensed(_limited("monthly_active_users", 700, "above", "display"))
}

test_notice_from_a_limit_on if {
	terms := _limited("monthly_active_users", 700, "above", "notice")
	rule.notice == set() with input as _sized(terms, 700, null)
	{"Community License: a license must be asked for"} == {said.message | some said in rule.notice} with input as _sized(terms, null, null)
	rule.deny == set() with input as _sized(terms, null, null)
}

test_fail_strict_and_unread if {
	unread := object.union(documents.mit, {"unverified": ["scale"]})
	{["", "MIT"]} == documents.about(rule.deny) with input as object.union(documents.licensed(unread), {"tenant": {"strict": true}})
}
