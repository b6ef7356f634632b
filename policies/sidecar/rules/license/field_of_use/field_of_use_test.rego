package test.rules.license.field_of_use

import data.sidecar.rules.license.field_of_use as rule
import data.test.documents

_terms := object.union(documents.community, {"fields_of_use": [
	{"field": "military", "text": "no military use", "clause": "Attachment A"},
	{"field": "other", "text": "no harm to minors", "clause": "Attachment A"},
]})

test_obligations_where_nothing_tells if {
	rule.deny == set() with input as documents.licensed(_terms)
	{"no military use", "no harm to minors"} == {duty.text | some duty in rule.oblige} with input as documents.licensed(_terms)
}

test_fail_by_sector if {
	document := object.union(documents.licensed(_terms), {"tenant": {"sector": "defense"}})
	{{
		"message": "Community License forbids this use: no military use",
		"clause": "Attachment A",
		"remedy": "Take a model whose license permits the use, or correct the purpose of the request.",
		"basis": "LicenseRef-Community",
	}} == rule.deny with input as document
	{"no harm to minors"} == {duty.text | some duty in rule.oblige} with input as document
}

test_fail_by_purpose if {
	document := object.union(documents.licensed(_terms), {"request": {"attributes": {"purpose": "military"}}})
	{["", "LicenseRef-Community"]} == documents.about(rule.deny) with input as document
}

test_fail_strict_and_unread if {
	unread := object.union(documents.mit, {"unverified": ["fields_of_use"]})
	{["", "MIT"]} == documents.about(rule.deny) with input as object.union(documents.licensed(unread), {"tenant": {"strict": true}})
}
