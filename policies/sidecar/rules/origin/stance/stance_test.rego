package test.rules.origin.stance

import data.sidecar.rules.origin.stance as rule
import data.test.documents

_stance(stance, target) := documents.with_parts({"tenant": {"origins": {"CN": stance}}, "target": target})

_hosted := "self_hosted_or_hosted_outside"

test_success_allowed if {
	rule.deny == set() with input as _stance("allow", documents.chinese)
	rule.deny == set() with input as documents.plain
}

test_fail_denied_even_at_home if {
	{["", "tenant.origins"]} == documents.about(rule.deny) with input as _stance("deny", documents.own)
}

test_success_of_another_origin if {
	rule.deny == set() with input as _stance("deny", object.union(documents.target, {"origin": ["FR"]}))
}

test_fail_a_base_model_counts if {
	1 == count(rule.deny) with input as _stance("deny", object.union(documents.target, {"origin": ["US", "CN"]}))
}

test_success_outside_or_at_home if {
	rule.deny == set() with input as _stance(_hosted, documents.target)
	rule.deny == set() with input as _stance(_hosted, documents.own)
}

test_fail_region_or_parent_inside if {
	{{
		"message": "the tenant takes models from CN only self-hosted or hosted outside of it, which deepseek is not known to be",
		"clause": "the tenant's own stance",
		"remedy": "Take a host whose regions and parent are outside of that country, or the tenant's own hardware.",
		"basis": "tenant.origins",
	}} == rule.deny with input as _stance(_hosted, documents.chinese)
	1 == count(rule.deny) with input as _stance(_hosted, documents.serving("x", {"parent_jurisdiction": "CN"}))
	1 == count(rule.deny) with input as _stance(_hosted, documents.serving("x", {"regions": ["SG", "CN"]}))
}

test_fail_unknown_place_or_aggregator if {
	1 == count(rule.deny) with input as _stance(_hosted, documents.serving("x", {"regions": ["FI", "ZZ"]}))
	1 == count(rule.deny) with input as _stance(_hosted, object.union(documents.target, {"kind": "aggregator"}))
}

test_some_country_of_the_union if {
	european := object.union(documents.serving("x", {"regions": ["EU"]}), {"origin": ["FR"]})
	document := documents.with_parts({"tenant": {"origins": {"FR": _hosted}}, "target": european})
	1 == count(rule.deny) with input as document
}

test_fail_strict_and_recalled if {
	document := documents.with_parts({"tenant": {"strict": true, "origins": {"RU": "deny"}}, "target": {"unverified": ["origin"]}})
	1 == count(rule.deny) with input as document
	rule.deny == set() with input as object.union(document, {"tenant": {"strict": false}})
}
