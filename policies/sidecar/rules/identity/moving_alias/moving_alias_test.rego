package test.rules.identity.moving_alias

import data.sidecar.rules.identity.moving_alias as rule
import data.test.documents

test_success_fixed_name if {
	rule.notice == set() with input as documents.plain
}

test_fail_moving if {
	{"deepseek/v is an alias that its vendor moves from version to version: which one answers now is not known"} == _said("")
	{"deepseek/v is an alias that its vendor moves from version to version: deepseek/v3 as of 2026-01-01"} == _said("deepseek/v3 as of 2026-01-01")
}

_said(version) := messages if {
	notices := rule.notice with input as documents.with_parts({"target": {"moving_alias": true, "stands_for": version}})
	messages := {said.message | some said in notices}
}
