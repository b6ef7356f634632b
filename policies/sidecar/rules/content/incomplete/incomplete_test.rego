package test.rules.content.incomplete

import data.sidecar.rules.content.incomplete as rule
import data.test.documents

_document := documents.with_parts({"content": {"complete": false}})

test_success_all_was_looked_at if {
	rule.deny == set() with input as documents.plain
	rule.notice == set() with input as documents.plain
}

test_fail_a_regime_protects_data if {
	{["", "content"]} == documents.about(rule.deny) with input as _document
	rule.notice == set() with input as _document
}

test_notice_where_no_regime_has_classes if {
	document := object.union(_document, {"tenant": {"regimes": ["EU-AI-ACT"]}})
	rule.deny == set() with input as document
	{["", "content"]} == documents.about(rule.notice) with input as document
}

test_fail_strict if {
	1 == count(rule.deny) with input as object.union(_document, {"tenant": {"regimes": [], "strict": true}})
}

test_notice_at_home if {
	document := object.union(_document, {"target": documents.own})
	rule.deny == set() with input as document
	1 == count(rule.notice) with input as document
}
