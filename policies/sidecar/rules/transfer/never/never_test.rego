package test.rules.transfer.never

import data.sidecar.rules.transfer.never as rule
import data.test.documents

_bound(regimes, classes, target) := object.union(documents.holding(classes), {"tenant": {"regimes": regimes}, "target": target})

_with(document, records) := object.union(document, {"tenant": {"transfer_mechanisms": records}})

test_success_other_classes if {
	rule.deny == set() with input as _bound(["KR-PIPA"], ["contact"], documents.chinese)
}

test_fail_no_list_covers_it if {
	{{
		"class": "kr_rrn",
		"message": "kr_rrn (Korean resident registration number) would reach FI, NL, and Personal Information Protection Act (Korea) leaves it only statute (special provision in a statute or treaty)",
		"clause": "PIPA 24-2(1)",
		"remedy": "Redact it, record one of statute (special provision in a statute or treaty), or use a self-hosted target.",
		"basis": "KR-PIPA",
	}} == rule.deny with input as _bound(["KR-PIPA"], ["kr_rrn"], documents.target)
}

test_only_the_mechanisms_left if {
	document := _bound(["KR-PIPA"], ["kr_rrn", "credit_info"], documents.target)
	{["kr_rrn", "KR-PIPA"]} == documents.about(rule.deny) with input as _with(document, [documents.record("KR-PIPA", "consent", ["*"], ["EU"])])
	rule.deny == set() with input as _with(document, [documents.record("KR-PIPA", "statute", ["*"], ["EU"])])
}

test_success_home_and_own if {
	rule.deny == set() with input as _bound(["KR-PIPA"], ["kr_rrn"], documents.serving("x", {"regions": ["KR"], "parent_jurisdiction": "KR"}))
	rule.deny == set() with input as _bound(["KR-PIPA", "PCI-DSS"], ["kr_rrn", "card_sad"], documents.own)
}

test_fail_no_way_at_all if {
	{{
		"class": "card_sad",
		"message": "card_sad (CVV, PIN, track data) would reach FI, NL, and PCI DSS 4.0.1 leaves it no way",
		"clause": "PCI DSS 3.3.1",
		"remedy": "Redact it, or use a self-hosted target.",
		"basis": "PCI-DSS",
	}} == rule.deny with input as _with(_bound(["PCI-DSS"], ["card_sad"], documents.target), [documents.record("PCI-DSS", "aoc", ["*"], ["EU"])])
}

test_fail_abroad_though_no_country_is_denied if {
	{["in_aadhaar", "IN-DPDP"]} == documents.about(rule.deny) with input as _bound(["IN-DPDP"], ["in_aadhaar"], documents.target)
	rule.deny == set() with input as _bound(["IN-DPDP"], ["in_aadhaar"], documents.serving("x", {"regions": ["IN"], "parent_jurisdiction": "IN"}))
}

test_thresholds_hold_it_back if {
	document := _bound(["US-DOJ-DSP"], ["genetic_omic"], documents.chinese)
	rule.deny == set() with input as document
	above := object.union(document, {"counters": {"US-DOJ-DSP/human_genomic": "above"}})
	{["", "US-DOJ-DSP"]} == documents.about(rule.deny) with input as above
	rule.deny == set() with input as object.union(above, {"target": documents.target})
	1 == count(rule.deny) with input as _with(above, [documents.record("US-DOJ-DSP", "cisa_security", ["*"], ["CN"])])
	rule.deny == set() with input as _with(above, [documents.record("US-DOJ-DSP", "license", ["*"], ["CN"])])
}
