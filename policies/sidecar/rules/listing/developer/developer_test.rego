package test.rules.listing.developer

import data.sidecar.rules.listing.developer as rule
import data.test.documents

test_success_none if {
	rule.notice == set() with input as documents.plain
}

test_fail_listed if {
	entry := {"developer": "zhipuai", "list": "Fixture List", "since": "2025-01-16", "effect": "a license to supply", "verified": true}
	{"zhipuai stands on Fixture List since 2025-01-16: a license to supply"} == {said.message | some said in rule.notice} with input as documents.with_parts({"target": {"listings": [entry]}})
}
