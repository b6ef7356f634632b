package test.rules.identity.stale

import data.sidecar.rules.identity.stale as rule
import data.test.documents

_aged(days) := documents.with_parts({"target": {"age_days": days}})

_own(days) := documents.with_parts({"target": object.union(documents.own, {"age_days": days})})

_said(message) := {{
	"message": message,
	"clause": "the operator's own limit",
	"remedy": "Look the facts up again and enter them, with the day, in the overlay of the catalog, or install a newer catalog.",
	"basis": "catalog.max_age_days",
}}

test_success_no_limit if {
	set() == rule.deny | rule.notice with input as _aged(null) with data.sidecar.config.max_age_days as null
}

test_success_no_limit_stated if {
	set() == rule.deny | rule.notice with input as _aged(9000)
}

test_success_on_the_last_day if {
	set() == rule.deny | rule.notice with input as _aged(30) with data.sidecar.config.max_age_days as 30
}

test_fail_a_day_later if {
	_said("the oldest fact about deepseek/v@nebius is 31 days old, catalog.max_age_days permits 30") == rule.deny with input as _aged(31)
		with data.sidecar.config.max_age_days as 30
}

test_success_today_under_zero if {
	set() == rule.deny | rule.notice with input as _aged(0) with data.sidecar.config.max_age_days as 0
}

test_fail_unknown_age if {
	_said("the oldest fact about deepseek/v@nebius is nobody knows how old, catalog.max_age_days permits 30") == rule.deny with input as _aged(null)
		with data.sidecar.config.max_age_days as 30
}

test_fail_limit_that_is_no_number if {
	1 == count(rule.deny) with input as _aged(0) with data.sidecar.config.max_age_days as "30"
}

test_fail_own_hardware_is_a_notice if {
	_said("the oldest fact about deepseek/v@self-hosted is 31 days old, catalog.max_age_days permits 30") == rule.notice with input as _own(31)
		with data.sidecar.config.max_age_days as 30
	set() == rule.deny with input as _own(31) with data.sidecar.config.max_age_days as 30
}

test_success_unidentified_is_refused_elsewhere if {
	set() == rule.deny | rule.notice with input as documents.with_parts({"target": {"identified": false, "age_days": null}})
		with data.sidecar.config.max_age_days as 30
}
