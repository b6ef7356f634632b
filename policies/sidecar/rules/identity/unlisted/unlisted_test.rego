package test.rules.identity.unlisted

import data.sidecar.rules.identity.unlisted as rule
import data.test.documents

test_success_listed if {
	rule.notice == set() with input as documents.plain
}

test_fail_unlisted if {
	{"no list names deepseek/v at nebius"} == {said.message | some said in rule.notice} with input as documents.with_parts({"target": {"listed": false}})
}
