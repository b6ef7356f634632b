package test.rules.content.hosted_tools

import data.sidecar.rules.content.hosted_tools as rule
import data.test.documents

test_success_none if {
	rule.notice == set() with input as documents.plain
}

test_fail_named if {
	{"the provider runs tools for this request: mcp, web_search"} == {said.message | some said in rule.notice} with input as documents.with_parts({"request": {"hosted_tools": ["web_search", "mcp"]}})
}
