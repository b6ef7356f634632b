package test.rules.content.unsupported_languages

import data.sidecar.rules.content.unsupported_languages as rule
import data.test.documents

test_success_none if {
	rule.notice == set() with input as documents.plain
}

test_fail_named if {
	{"names in prose are not recognized in: th"} == {said.message | some said in rule.notice} with input as documents.with_parts({"content": {"unsupported_languages": ["th"]}})
}
