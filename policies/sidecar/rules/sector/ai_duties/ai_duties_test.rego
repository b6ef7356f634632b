package test.rules.sector.ai_duties

import data.sidecar.rules.sector.ai_duties as rule
import data.test.documents

_on(date, sector) := documents.with_parts({"date": date, "tenant": {"regimes": ["EU-GDPR", "EU-AI-ACT"], "sector": sector}})

test_duties_of_their_day if {
	{{"text": "prohibited practices and AI literacy", "clause": "Art.4, Art.5", "basis": "EU-AI-ACT"}} == rule.oblige with input as _on("2027-12-01", "public")
	{"Art.4, Art.5", "Art.6(2), Art.113"} == {duty.clause | some duty in rule.oblige} with input as _on("2027-12-02", "public")
}

test_duties_of_a_sector if {
	{"Art.4, Art.5", "Art.6(2), Art.113"} == {duty.clause | some duty in rule.oblige} with input as _on("2030-08-02", "finance")
	{"Art.4, Art.5", "Art.6(2), Art.113", "Art.111(2)"} == {duty.clause | some duty in rule.oblige} with input as _on("2030-08-02", "public")
}

test_success_nobody_else_owes_them if {
	rule.oblige == set() with input as documents.plain
}
