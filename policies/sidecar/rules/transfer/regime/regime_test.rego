package test.rules.transfer.regime

import data.sidecar.rules.transfer.regime as rule
import data.test.documents

_bound(regimes, classes, target) := object.union(documents.holding(classes), {"tenant": {"regimes": regimes}, "target": target})

_with(document, records) := object.union(document, {"tenant": {"transfer_mechanisms": records}})

_placed(regions, parent) := documents.serving("x@host", {"regions": regions, "parent_jurisdiction": parent})

# --- border ---------------------------------------------------------------------------------------

test_success_nothing_personal if {
	rule.deny == set() with input as object.union(documents.plain, {"target": documents.chinese})
}

test_success_home if {
	rule.deny == set() with input as documents.holding(["contact"])
}

test_fail_class_and_places_are_named if {
	{{
		"class": "contact",
		"message": "contact (e-mail, phone, postal address) would reach CN, which GDPR (Regulation 2016/679) does not permit",
		"clause": "GDPR Art.28, Art.44-49, Art.9, Art.10",
		"remedy": concat("", [
			"Redact it. Record one of bcr (binding corporate rules), certification (approved certification with binding commitments), ",
			"code_of_conduct (approved code of conduct with binding commitments), ",
			"scc (standard contractual clauses with transfer impact assessment) for deepseek, or take another target.",
		]),
		"basis": "EU-GDPR",
	}} == rule.deny with input as _bound(["EU-GDPR"], ["contact"], documents.chinese)
}

test_fail_parent_counts_as_much_as_region if {
	{["contact", "EU-GDPR"]} == documents.about(rule.deny) with input as _bound(["EU-GDPR"], ["contact"], _placed(["FI"], "US"))
	{["contact", "EU-GDPR"]} == documents.about(rule.deny) with input as _bound(["EU-GDPR"], ["contact"], _placed(["US"], "FI"))
}

test_success_adequate if {
	rule.deny == set() with input as _bound(["EU-GDPR"], ["contact"], _placed(["JP"], "GB"))
}

test_adequacy_lapses_after_its_day if {
	document := _bound(["EU-GDPR"], ["contact"], _placed(["GB"], "GB"))
	rule.deny == set() with input as object.union(document, {"date": "2031-12-27"})
	1 == count(rule.deny) with input as object.union(document, {"date": "2031-12-28"})
}

test_union_as_a_region if {
	rule.deny == set() with input as _bound(["EU-GDPR"], ["contact"], _placed(["EU"], "NL"))
	{["contact", "KR-PIPA"]} == documents.about(rule.deny) with input as _bound(["KR-PIPA"], ["contact"], _placed(["EU", "US"], "NL"))
}

test_fail_unknown_place if {
	1 == count(rule.deny) with input as _bound(["EU-GDPR"], ["contact"], _placed(["ZZ"], "NL"))
	{"Redact it. Take another target; no record opens this one."} == {said.remedy | some said in rule.deny} with input as _bound(["EU-GDPR"], ["contact"], _placed(["FI"], ""))
}

test_success_own if {
	rule.deny == set() with input as _bound(["EU-GDPR", "KR-EFSR-NETSEP", "US-HIPAA"], ["contact"], documents.own)
}

test_equivalence if {
	rule.deny == set() with input as _bound(["KR-PIPA"], ["contact"], documents.target)
	rule.deny == set() with input as _bound(["KR-PIPA"], ["kr_rrn", "credit_info"], documents.target)
}

test_fail_conditional_by_itself if {
	{["contact", "CN-PIPL"]} == documents.about(rule.deny) with input as _bound(["CN-PIPL"], ["contact"], documents.target)
	rule.deny == set() with input as _bound(["CN-PIPL"], ["contact"], documents.chinese)
}

test_allow_unless if {
	rule.deny == set() with input as _bound(["IN-DPDP"], ["contact"], documents.chinese)
	rule.deny == set() with input as _bound(["IN-DPDP"], ["contact"], _placed(["ZZ"], "ZZ"))
	{["contact", "TW-NCC-2012"]} == documents.about(rule.deny) with input as _bound(["TW-NCC-2012"], ["contact"], documents.chinese)
	{["contact", "TW-NCC-2012"]} == documents.about(rule.deny) with input as _bound(["TW-NCC-2012"], ["contact"], _placed(["JP"], "ZZ"))
	rule.deny == set() with input as _bound(["TW-NCC-2012"], ["contact"], documents.target)
}

test_places_that_no_mechanism_opens if {
	license := documents.record("US-EAR", "license", ["*"], ["CN", "FI", "NL", "EU"])
	rule.deny == set() with input as _with(_bound(["US-EAR"], ["export_controlled"], documents.target), [license])
	1 == count(rule.deny) with input as _with(_bound(["US-EAR"], ["export_controlled"], documents.chinese), [license])
}

test_union_by_lists_and_records_together if {
	union_host := _placed(["EU"], "NL")
	partly := json.patch(data.sidecar.reach["EU-GDPR"], [{"op": "remove", "path": path} | some path in ["/home/EU", "/home/FR", "/open//EU", "/open//FR"]])
	document := _bound(["EU-GDPR"], ["contact"], union_host)
	{["contact", "EU-GDPR"]} == documents.about(rule.deny) with input as document with data.sidecar.reach as {"EU-GDPR": partly}
	recorded := _with(document, [documents.record("EU-GDPR", "scc", ["*"], ["FR"])])
	rule.deny == set() with input as recorded with data.sidecar.reach as {"EU-GDPR": partly}
}

test_fail_a_class_that_nobody_knows_is_contact if {
	{["trade_secret", "EU-GDPR"]} == documents.about(rule.deny) with input as _bound(["EU-GDPR", "PCI-DSS"], ["trade_secret"], documents.chinese)
}

test_thresholds_are_crossed_at_one_counterparty if {
	document := _bound(["US-DOJ-DSP"], ["health"], documents.chinese)
	{["", "US-DOJ-DSP"]} == documents.about(rule.deny) with input as object.union(document, {"counters": {"US-DOJ-DSP/health@deepseek": "above"}})
	rule.deny == set() with input as object.union(document, {"counters": {"US-DOJ-DSP/health@zai": "above", "US-DOJ-DSP/health@deepseek": "reached"}})
}

test_fail_unclassified_is_contact if {
	{["unclassified", "EU-GDPR"]} == documents.about(rule.deny) with input as _bound(["EU-GDPR", "PCI-DSS"], ["unclassified"], documents.chinese)
}

test_pseudonyms_count_unless_determined if {
	document := _bound(["EU-GDPR"], ["pseudonymized"], documents.chinese)
	{["pseudonymized", "EU-GDPR"]} == documents.about(rule.deny) with input as document
	rule.deny == set() with input as object.union(document, {"tenant": {"pseudonymized_transfers": ["EU-GDPR"]}})
}

test_fail_regime_unknown_to_the_catalog if {
	{["", "XX-NONE"]} == documents.about(rule.deny) with input as _bound(["XX-NONE"], [], documents.target)
	rule.deny == set() with input as _bound(["XX-NONE"], [], documents.own)
}

test_fail_strict_and_recalled if {
	document := object.union(documents.holding(["contact"]), {"tenant": {"strict": true}, "target": {"unverified": ["serving.parent_jurisdiction"]}})
	{["contact", "EU-GDPR"]} == documents.about(rule.deny) with input as document
	rule.deny == set() with input as object.union(document, {"tenant": {"strict": false}})
}

# --- recipient ----------------------------------------------------------------------------------------

test_fail_recipient_wherever_it_sits if {
	document := _bound(["US-HIPAA"], ["contact"], documents.american)
	{["contact", "US-HIPAA"]} == documents.about(rule.deny) with input as document
	rule.deny == set() with input as _with(document, [documents.record("US-HIPAA", "baa", ["us-host"], ["US"])])
	1 == count(rule.deny) with input as _with(document, [documents.record("US-HIPAA", "baa", ["us-host"], ["DE"])])
}

test_fail_some_other_place_is_not_covered if {
	document := _bound(["US-HIPAA"], ["contact"], _placed(["US", "SG"], "US"))
	1 == count(rule.deny) with input as _with(document, [documents.record("US-HIPAA", "baa", ["*"], ["US"])])
}

test_region_mechanisms_are_needed_besides if {
	document := object.union(_bound(["CA-PIPEDA-QC"], ["contact"], documents.american), {"tenant": {"subdivisions": ["CA-QC"]}})
	contract := documents.record("CA-PIPEDA-QC", "contract", ["*"], ["US"])
	assessment := documents.record("CA-PIPEDA-QC", "pia", ["*"], ["US"])
	some said in rule.deny with input as _with(document, [contract])
	contains(said.remedy, " Besides it: pia (")
	1 == count(rule.deny) with input as _with(document, [assessment])
	rule.deny == set() with input as _with(document, [contract, assessment])
	rule.deny == set() with input as _with(_bound(["CA-PIPEDA-QC"], ["contact"], documents.american), [contract])
	1 == count(rule.deny) with input as _with(_bound(["CA-PIPEDA-QC"], ["contact"], documents.american), [assessment])
}

# --- any content -------------------------------------------------------------------------------------

test_fail_any_content if {
	{["", "KR-EFSR-NETSEP"]} == documents.about(rule.deny) with input as _bound(["KR-EFSR-NETSEP"], [], documents.target)
	{["", "KR-EFSR-NETSEP"]} == documents.about(rule.deny) with input as _bound(["KR-EFSR-NETSEP"], ["contact"], documents.target)
}

test_any_content_with_a_record if {
	document := _with(_bound(["KR-EFSR-NETSEP"], ["contact", "health"], documents.target), [documents.record("KR-EFSR-NETSEP", "saas_exemption", ["nebius"], ["EU"])])
	{["", "KR-EFSR-NETSEP"]} == documents.about(rule.deny) with input as document
	office := object.union(document, {"request": {"attributes": {"purpose": "back-office-saas"}}})
	{["contact", "KR-EFSR-NETSEP"]} == documents.about(rule.deny) with input as office
	early := object.union(office, {"date": "2026-04-19"})
	{["", "KR-EFSR-NETSEP"]} == documents.about(rule.deny) with input as early
}

# --- records --------------------------------------------------------------------------------------------

test_records if {
	document := _bound(["EU-GDPR"], ["contact"], documents.american)
	good := documents.record("EU-GDPR", "scc", ["us-host"], ["US"])
	rule.deny == set() with input as _with(document, [good])
	every wrong in [
		object.union(good, {"regime": "UK-GDPR"}),
		object.union(good, {"mechanism": "magic"}),
		object.union(good, {"mechanism": "derogation"}),
		object.union(good, {"mechanism": "adequacy"}),
		object.union(good, {"mechanism": "pipeda"}),
		object.union(good, {"providers": ["other"]}),
		object.union(good, {"providers": []}),
		object.union(good, {"countries": ["EU"]}),
		object.union(good, {"countries": []}),
		object.union(good, {"expires": "2026-11-22"}),
	] {
		1 == count(rule.deny) with input as _with(document, [wrong])
	}
}

test_a_record_includes_its_last_day if {
	document := _with(_bound(["EU-GDPR"], ["contact"], documents.american), [object.union(documents.record("EU-GDPR", "scc", ["*"], ["US"]), {"expires": "2026-11-23"})])
	rule.deny == set() with input as document
}

test_fail_a_record_that_must_end_names_no_day if {
	document := _bound(["KR-EFSR-NETSEP"], [], documents.target)
	designation := documents.record("KR-EFSR-NETSEP", "sandbox", ["*"], ["EU"])
	1 == count(rule.deny) with input as _with(document, [designation])
	rule.deny == set() with input as _with(document, [object.union(designation, {"expires": "2027-01-01"})])
}

test_fail_nothing_covers_an_unknown_place if {
	document := _bound(["EU-GDPR"], ["contact"], _placed(["ZZ"], "US"))
	1 == count(rule.deny) with input as _with(document, [documents.record("EU-GDPR", "scc", ["*"], ["ZZ", "US"])])
}

test_tiers_leave_fewer_mechanisms if {
	document := _with(_bound(["CN-PIPL"], ["contact"], documents.target), [documents.record("CN-PIPL", "exemption_volume", ["*"], ["EU"])])
	rule.deny == set() with input as document
	rule.deny == set() with input as object.union(document, {"content": {"classes": ["contact"]}, "counters": {"CN-PIPL/plain_middle": "below"}})
	1 == count(rule.deny) with input as object.union(document, {"counters": {"CN-PIPL/plain_middle": "reached"}})
	{["health", "CN-PIPL"]} == documents.about(rule.deny) with input as object.union(document, {"content": {"classes": ["health"]}})
}

test_hints_in_the_remedy if {
	document := _bound(["EU-GDPR"], ["contact"], object.union(documents.american, {"serving": {"dpf_certified": "yes"}}))
	some said in rule.deny with input as document
	contains(said.remedy, "; the catalog believes: yes.")
	plain := _bound(["EU-GDPR"], ["contact"], _placed(["US", "CA"], "US"))
	some bare in rule.deny with input as plain
	not contains(bare.remedy, "believes")
	contains(bare.remedy, "For CA, pipeda (recipient under PIPEDA)")
}

# --- thresholds ------------------------------------------------------------------------------------------

test_success_below_every_threshold if {
	rule.deny == set() with input as _bound(["US-DOJ-DSP"], ["health", "gov_data"], documents.chinese)
}

test_fail_above_names_no_class if {
	document := object.union(_bound(["US-DOJ-DSP"], ["contact", "health"], documents.chinese), {"counters": {"US-DOJ-DSP/health": "above"}})
	{{
		"message": sprintf("health (health data, diagnoses, MRN) would reach CN, which %s does not permit, redacted or not", [data.sidecar.regimes["US-DOJ-DSP"].name]),
		"clause": _dsp,
		"remedy": "Record one of cisa_security (restricted transaction (vendor, employment, investment agreement) with CISA security requirements, compliance program and yearly audit), license (DOJ license) for deepseek, or take another target.",
		"basis": "US-DOJ-DSP",
	}} == rule.deny with input as document
	rule.deny == set() with input as object.union(document, {"target": documents.target})
	rule.deny == set() with input as object.union(document, {"counters": {"US-DOJ-DSP/health": "reached"}})
}

_dsp := sprintf("DOJ Data Security Program %s", [data.sidecar.regimes["US-DOJ-DSP"].clause])

test_fail_what_no_threshold_names_counts_with_any if {
	document := object.union(_bound(["US-DOJ-DSP"], ["pseudonymized"], documents.chinese), {"counters": {"US-DOJ-DSP/health": "above"}})
	1 == count(rule.deny) with input as document
}

# --- obligations -------------------------------------------------------------------------------------------

test_duties_where_a_mechanism_carries if {
	rule.oblige == set() with input as documents.holding(["contact"])
	rule.oblige == set() with input as _bound(["EU-GDPR"], ["contact"], documents.american)
	document := _bound(["EU-GDPR"], ["contact"], documents.american)
	{
		{"text": "processor contract", "clause": "GDPR Art.28", "basis": "EU-GDPR"},
		{"text": "a basis for special categories besides the transfer basis", "clause": "GDPR Art.9", "basis": "EU-GDPR"},
	} == rule.oblige with input as _with(document, [documents.record("EU-GDPR", "scc", ["*"], ["US"])])
	2 == count(rule.oblige) with input as _bound(["EU-GDPR"], ["contact"], _placed(["JP"], "JP"))
}

test_duties_of_any_content if {
	document := _bound(["EU-DORA"], [], documents.target)
	3 == count(rule.oblige) with input as _with(document, [documents.record("EU-DORA", "contract", ["*"], ["EU"])])
}
