package test.rules.identity.retired

import data.sidecar.rules.identity.retired as rule
import data.test.documents

test_success_active if {
	rule.notice == set() with input as documents.plain
}

test_fail_retired if {
	{"the status of deepseek/v is vendor-retired"} == {said.message | some said in rule.notice} with input as documents.with_parts({"target": {"status": "vendor-retired"}})
}
