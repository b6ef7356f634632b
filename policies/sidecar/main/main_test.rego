package test.main

import data.sidecar.main
import data.test.documents

_prefer(words, document) := object.union(document, {"tenant": {"prefer": words}})

_with(document, candidates) := object.union(document, {"candidates": candidates})

# a Chinese host, personal data in the prompt
_contact := object.union(documents.holding(["contact"]), {"target": documents.chinese})

# the US are as far as China for this tenant
_far := object.union(documents.american, {"id": "far@us-host"})

_fine := documents.target

_second := object.union(documents.target, {"id": "second@nebius"})

_reason(code, severity, class, target) := [code, severity, class, target]

_reasons(decision) := [[reason.code, reason.severity, reason.class, reason.target] | some reason in decision.reasons]

_redact(decision) := {item.class: item.operator | some item in decision.redact}

test_no_rule_no_decision if {
	not main.decision with data.sidecar.rules as {} with input as documents.plain
}

test_allow_as_it_is if {
	decision := main.decision with input as documents.plain
	{
		"action": "allow",
		"target": "deepseek/v@nebius",
		"redact": [],
		"reasons": [],
		"rejected": [],
		"obligations": [],
		"notices": [],
		"shadow": [],
		"revision": "fixture",
	} == json.remove(decision, ["/ruled_by"])
}

test_every_rule_is_named if {
	decision := main.decision with input as documents.plain
	decision.ruled_by == sort(decision.ruled_by)
	count(decision.ruled_by) == 31
	"identity.unidentified_target" in decision.ruled_by
	"transfer.regime" in decision.ruled_by
}

test_permitted_as_it_is_wins_whatever_is_preferred if {
	every words in [[], ["block"], ["reroute"], ["reroute", "block", "redact"]] {
		decision := main.decision with input as _with(_prefer(words, documents.plain), [_second])
		decision.action == "allow"
	}
}

test_what_a_permitted_target_asks_is_no_option if {
	decision := main.decision with input as _prefer(["block"], documents.holding(["credential"]))
	decision.action == "redact"
	decision.redact == [{"class": "credential", "operator": "remove"}]
	_reasons(decision) == [_reason("content.credential", "redact", "credential", "deepseek/v@nebius")]
}

# --- prefer ----------------------------------------------------------------------------------------

test_redact_first if {
	decision := main.decision with input as _with(_contact, [_fine])
	decision.action == "redact"
	decision.target == "deepseek/v@deepseek"
	decision.rejected == []
	_reasons(decision) == [_reason("transfer.regime", "deny", "contact", "deepseek/v@deepseek")]
}

test_reroute_first if {
	decision := main.decision with input as _with(_prefer(["reroute", "redact", "block"], _contact), [_far, _fine, _second])
	decision.action == "reroute"
	decision.target == "deepseek/v@nebius"
	decision.redact == []
	decision.rejected == [
		{"target": "far@us-host", "codes": ["transfer.regime"]},
		{"target": "second@nebius", "codes": ["ranked"]},
	]
}

test_redacting_here_comes_before_redacting_there if {
	decision := main.decision with input as _with(_prefer(["reroute", "redact", "block"], _contact), [_far])
	decision.action == "redact"
	decision.target == "deepseek/v@deepseek"
	decision.rejected == [{"target": "far@us-host", "codes": ["transfer.regime"]}]
}

# the requested target cannot be cured
_lost := object.union(_contact, {"tenant": {"origins": {"CN": "self_hosted_or_hosted_outside"}}})

test_reroute_to_what_is_permitted_redacted if {
	decision := main.decision with input as _with(_lost, [_far])
	decision.action == "reroute"
	decision.target == "far@us-host"
	decision.redact == [{"class": "contact", "operator": "remove"}]
	_reasons(decision) == [
		_reason("origin.stance", "deny", "", "deepseek/v@deepseek"),
		_reason("transfer.regime", "deny", "contact", "deepseek/v@deepseek"),
		_reason("transfer.regime", "redact", "contact", "far@us-host"),
	]
	decision.rejected == []
}

test_reroute_as_it_is_before_redacted if {
	decision := main.decision with input as _with(_lost, [_far, _fine])
	decision.target == "deepseek/v@nebius"
	decision.redact == []
}

test_block if {
	decision := main.decision with input as _lost
	decision.action == "block"
	not decision.target
	decision.redact == []
	decision.obligations == []
	_reasons(decision) == [
		_reason("origin.stance", "deny", "", "deepseek/v@deepseek"),
		_reason("transfer.regime", "deny", "contact", "deepseek/v@deepseek"),
	]
}

test_words_left_out_are_refused if {
	every words in [["reroute"], ["reroute", "block"], ["reroute", "block", "redact"]] {
		decision := main.decision with input as _with(_prefer(words, _contact), [_far])
		decision.action == "block"
		decision.rejected == [{"target": "far@us-host", "codes": ["transfer.regime"]}]
	}
	every words in [["redact"], ["redact", "block"], ["redact", "block", "reroute"]] {
		decision := main.decision with input as _with(_prefer(words, _lost), [_fine])
		decision.action == "block"
		decision.rejected == []
	}
	every words in [[], ["block"], ["block", "redact", "reroute"]] {
		decision := main.decision with input as _with(_prefer(words, _contact), [_fine])
		decision.action == "block"
	}
}

test_a_candidate_may_ask_for_redaction_too if {
	document := object.union(_lost, {"content": {"classes": ["contact", "credential"]}})
	decision := main.decision with input as _with(_prefer(["reroute", "block"], document), [_fine])
	decision.action == "reroute"
	decision.redact == [{"class": "credential", "operator": "remove"}]
	_reason("content.credential", "redact", "credential", "deepseek/v@nebius") in _reasons(decision)
}

# --- what no operator reaches ------------------------------------------------------------------------

test_fixed_classes_are_not_cured if {
	document := object.union(_contact, {"content": {"fixed": ["contact"]}})
	decision := main.decision with input as document
	decision.action == "block"
}

test_what_is_asked_of_a_fixed_class_denies if {
	document := object.union(documents.holding(["credential"]), {"content": {"fixed": ["credential"]}})
	decision := main.decision with input as _with(document, [_second, documents.own])
	decision.action == "reroute"
	decision.target == "deepseek/v@self-hosted"
	_reasons(decision) == [_reason("content.credential", "deny", "credential", "deepseek/v@nebius")]
	decision.rejected == [{"target": "second@nebius", "codes": ["content.credential"]}]
}

# --- the operator ---------------------------------------------------------------------------------------

_asking(regimes, classes, operators) := object.union(documents.holding(classes), {
	"target": documents.chinese,
	"tenant": {"regimes": regimes, "operators": operators},
})

test_the_law_asks_for_removal_where_pseudonyms_count if {
	decision := main.decision with input as _asking(["EU-GDPR"], ["contact"], {"contact": "mask"})
	_redact(decision) == {"contact": "remove"}
}

test_pseudonyms_where_they_do_not if {
	decision := main.decision with input as _asking(["US-HIPAA"], ["contact", "health"], {})
	_redact(decision) == {"contact": "pseudonym", "health": "pseudonym"}
}

# PCI DSS alone speaks of card_sad, and counts no pseudonyms; GDPR does, where they would go
test_no_pseudonyms_where_another_regime_would_stop_them if {
	document := object.union(documents.holding(["card_sad"]), {"tenant": {"regimes": ["PCI-DSS", "EU-GDPR"]}})
	every target, operator in {documents.chinese.id: "remove", documents.target.id: "pseudonym"} {
		some known in [documents.chinese, documents.target]
		known.id == target
		decision := main.decision with input as object.union(document, {"target": known})
		_redact(decision) == {"card_sad": operator}
	}
}

test_pseudonyms_where_the_tenant_has_determined_it if {
	document := _asking(["EU-GDPR"], ["contact"], {})
	decision := main.decision with input as object.union(document, {"tenant": {"pseudonymized_transfers": ["EU-GDPR"]}})
	_redact(decision) == {"contact": "pseudonym"}
}

test_one_regime_that_counts_them_is_enough if {
	decision := main.decision with input as _asking(["US-HIPAA", "EU-GDPR"], ["contact"], {})
	_redact(decision) == {"contact": "remove"}
}

test_training_stands_behind_a_reason_too if {
	document := documents.with_parts({"content": {"classes": ["contact"]}, "target": {"serving": {"trains_on_inputs": "yes"}}})
	decision := main.decision with input as document
	_redact(decision) == {"contact": "remove"}
}

test_the_tenant_asks_for_more_or_for_another_of_the_same if {
	decision := main.decision with input as _asking(["US-HIPAA"], ["contact", "dob", "health"], {"contact": "mask", "dob": "generalize", "health": "hash"})
	_redact(decision) == {"contact": "mask", "dob": "generalize", "health": "hash"}
}

test_nothing_less_than_the_rule_asks if {
	document := object.union(documents.holding(["credential"]), {"tenant": {"operators": {"credential": "mask"}}})
	decision := main.decision with input as document
	_redact(decision) == {"credential": "remove"}
}

test_an_operator_nobody_knows_is_the_strongest if {
	decision := main.decision with input as _asking(["US-HIPAA"], ["contact"], {"contact": "blur"})
	_redact(decision) == {"contact": "remove"}
}

# --- shadow, directions ------------------------------------------------------------------------------------

test_shadow if {
	every shadow in [{"acme-eu": ["transfer.regime"]}, {"*": ["*"]}] {
		decision := main.decision with input as _contact with data.sidecar.config.shadow as shadow
		decision.action == "allow"
		decision.reasons == []
		[["transfer.regime", "deny"]] == [[reason.code, reason.severity] | some reason in decision.shadow]
	}
	decision := main.decision with input as _contact with data.sidecar.config.shadow as {"other": ["*"]}
	decision.action == "redact"
	decision.shadow == []
}

test_shadow_of_requests_to_redact_and_notices if {
	document := object.union(documents.holding(["credential"]), {"target": {"listed": false}})
	decision := main.decision with input as document with data.sidecar.config.shadow as {"*": ["*"]}
	decision.action == "allow"
	decision.notices == []
	[["content.credential", "redact", "credential"], ["identity.unlisted", "notice", ""]] == [[reason.code, reason.severity, reason.class] | some reason in decision.shadow]
}

test_boundaries_cannot_be_put_in_shadow if {
	document := documents.with_parts({"target": {"identified": false, "unidentified": "model_unknown"}})
	every shadow in [{"*": ["*"]}, {"acme-eu": ["identity.unidentified_target"]}] {
		decision := main.decision with input as document with data.sidecar.config.shadow as shadow
		decision.action == "block"
	}
}

test_directions if {
	document := object.union(_contact, {"direction": "response", "content": {"classes": ["contact", "credential"]}})
	decision := main.decision with input as document
	decision.action == "redact"
	_redact(decision) == {"credential": "remove"}
}

# --- obligations and notices ----------------------------------------------------------------------------------

test_of_the_target_that_is_taken if {
	own := object.union(documents.own, {"listed": false})
	decision := main.decision with input as _with(_prefer(["reroute", "block"], _contact), [own])
	decision.obligations == [{"code": "license.attribution", "text": "Keep the notice", "clause": "MIT", "basis": "MIT"}]
	[["identity.unlisted", "notice", "deepseek/v@self-hosted"]] == [[said.code, said.severity, said.target] | some said in decision.notices]
}

test_notices_of_the_requested_target_on_a_block if {
	decision := main.decision with input as object.union(_lost, {"target": {"listed": false}})
	decision.action == "block"
	["identity.unlisted"] == [said.code | some said in decision.notices]
}

# --- rules of others -----------------------------------------------------------------------------------------

test_what_a_rule_says_badly_still_counts if {
	decision := main.decision with input as documents.holding(["contact"]) with data.sidecar.rules as {"a": {"b": {"deny": {"no", {"class": 7, "message": "never"}}}}}
	decision.action == "block"
	decision.ruled_by == ["a.b"]
	["", "never"] == [reason.message | some reason in decision.reasons]
	["", ""] == [reason.class | some reason in decision.reasons]
}

test_a_request_to_redact_without_a_class_denies if {
	decision := main.decision with input as documents.plain with data.sidecar.rules as {"a": {"b": {"redact": {{"operator": "mask"}}}}}
	decision.action == "block"
	_reasons(decision) == [_reason("a.b", "deny", "", "deepseek/v@nebius")]
}

# --- waivers -------------------------------------------------------------------------------------

_waived(target, until) := {"acme-eu": {"transfer.regime": [{"target": target, "reason": "pilot", "approver": "CISO", "expires": until}]}}

_codes(decision) := [[excuse.code, excuse.severity, excuse.class, excuse.target, excuse.approver, excuse.expires] | some excuse in decision.waived]

test_a_waiver_lets_pass_and_is_told if {
	decision := main.decision with input as _contact
		with data.sidecar.config.waivers as _waived(documents.chinese.id, "2026-11-23")
	decision.action == "allow"
	[["transfer.regime", "deny", "contact", documents.chinese.id, "CISO", "2026-11-23"]] == _codes(decision)
}

test_a_waiver_for_every_target_one_or_one_region_of_it if {
	pinned := sprintf("%s@CN", [documents.chinese.id])
	every target in ["*", documents.chinese.id, pinned] {
		decision := main.decision with input as object.union(_contact, {"target": {"id": pinned}})
			with data.sidecar.config.waivers as _waived(target, "2027-01-01")
		decision.action == "allow"
	}
}

test_no_waiver_that_has_ended_or_is_for_another if {
	every waivers in [
		_waived(documents.chinese.id, "2026-11-22"),
		_waived("deepseek/v", "2027-01-01"),
		{"another": _waived("*", "2027-01-01")["acme-eu"]},
	] {
		decision := main.decision with input as _contact
			with data.sidecar.config.waivers as waivers
		decision.action == "redact"
		not decision.waived
	}
}

test_what_cannot_be_waived_is_not if {
	waivers := {"acme-eu": {"identity.unidentified_target": _waived("*", "2027-01-01")["acme-eu"]["transfer.regime"]}}
	decision := main.decision with input as object.union(documents.plain, {"target": {"identified": false, "unidentified": "model_unknown"}})
		with data.sidecar.config.waivers as waivers
	decision.action == "block"
	not decision.waived
}

test_what_is_asked_for_can_be_waived_too if {
	waivers := {"acme-eu": {"content.credential": _waived("*", "2027-01-01")["acme-eu"]["transfer.regime"]}}
	decision := main.decision with input as documents.holding(["credential"])
		with data.sidecar.config.waivers as waivers
	decision.action == "allow"
	[["content.credential", "redact", "credential", documents.target.id, "CISO", "2027-01-01"]] == _codes(decision)
}

test_what_was_waived_for_the_candidate_that_is_taken if {
	far := object.union(_contact, {"tenant": {"prefer": ["reroute", "block"]}})
	decision := main.decision with input as _with(far, [_far])
		with data.sidecar.config.waivers as _waived(_far.id, "2027-01-01")
	decision.action == "reroute"
	[["transfer.regime", "deny", "contact", _far.id, "CISO", "2027-01-01"]] == _codes(decision)
}

test_a_block_for_something_else_tells_what_was_waived if {
	decision := main.decision with input as object.union(_contact, {"tenant": {"origins": {"CN": "deny"}}})
		with data.sidecar.config.waivers as _waived("*", "2027-01-01")
	decision.action == "block"
	{"transfer.regime"} == {excuse.code | some excuse in decision.waived}
}
