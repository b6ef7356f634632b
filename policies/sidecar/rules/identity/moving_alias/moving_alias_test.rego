package test.rules.identity.moving_alias

import data.sidecar.rules.identity.moving_alias as rule
import data.test.documents

test_success_fixed_name if {
	rule.notice == set() with input as documents.plain
}

test_fail_moving if {
	1 == count(rule.notice) with input as documents.with_parts({"target": {"moving_alias": true}})
}
