package test.rules.measure.national

import data.sidecar.rules.measure.national as rule
import data.test.documents

_bound(country, sector, target) := documents.with_parts({"tenant": {"country": country, "sector": sector}, "target": target})

test_success_weights_at_another_host if {
	rule.deny == set() with input as _bound("IT", "finance", documents.target)
	rule.notice == set() with input as _bound("IT", "finance", documents.target)
}

test_fail_everyone_in_the_country if {
	{["", "IT-GARANTE-DEEPSEEK"]} == documents.about(rule.deny) with input as _bound("IT", "finance", documents.chinese)
}

test_fail_wherever_it_is_hosted if {
	{["", "US-NDAA-1532"]} == documents.about(rule.deny) with input as _bound("US", "defense", documents.own)
	rule.deny == set() with input as _bound("US", "technology", documents.own)
}

test_fail_below_the_state if {
	document := object.union(_bound("US", "public", documents.chinese), {"tenant": {"subdivisions": ["US-TX"]}})
	{{
		"message": "US-TX, state devices: banned (in-force, since 2025-01-31)",
		"clause": "econotimes.com (Texas named; date recalled)",
		"remedy": "Take a model of another developer, or another provider, as the measure says.",
		"basis": "US-TX-DEEPSEEK",
	}} == rule.deny with input as document
}

test_success_no_sector_binds_nobody if {
	rule.deny == set() with input as _bound("KR", "public", documents.chinese)
}

test_notice_that_is_no_ban if {
	target := object.union(documents.chinese, {"developers": ["zhipuai"], "provider": "zai"})
	document := object.union(_bound("US", "technology", target), {"content": {"classes": ["export_controlled"]}})
	rule.deny == set() with input as document
	{["export_controlled", "US-BIS-ZHIPU"]} == documents.about(rule.notice) with input as document
	rule.notice == set() with input as _bound("US", "technology", target)
}

test_ban_on_its_day if {
	target := object.union(documents.target, {"developers": ["other", "fixture"]})
	document := object.union(_bound("FR", "retail", target), {"content": {"classes": ["health"]}, "date": "2026-12-01"})
	{["health", "EU-FIXTURE-BAN"]} == documents.about(rule.deny) with input as document
	before := object.union(document, {"date": "2026-11-30"})
	rule.deny == set() with input as before
	{["health", "EU-FIXTURE-BAN"]} == documents.about(rule.notice) with input as before
}
