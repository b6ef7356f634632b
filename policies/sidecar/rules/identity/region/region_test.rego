package test.rules.identity.region

import data.sidecar.rules.identity.region as rule
import data.test.documents

test_success_nothing_ignored if {
	rule.notice == set() with input as documents.plain
}

test_fail_ignored if {
	{"the region asked for is not known at nebius, so all its regions count: FI"} == {said.message | some said in rule.notice} with input as documents.with_parts({"target": {"region_ignored": true}})
}
