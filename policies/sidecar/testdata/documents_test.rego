# METADATA
# title: Documents
# description: A whole input that nothing stands against, and ways to change it.
package test.documents

# METADATA
# description: An EU tenant without personal data in the prompt, a permissive license, a host in Finland with a Dutch parent.
plain := {
	"schema": "sidecar.facts/v1",
	"phase": "request",
	"direction": "request",
	"date": "2026-11-23",
	"request": {
		"format": "openai.chat",
		"streaming": false,
		"bytes": 512,
		"tokens_estimate": 128,
		"hosted_tools": [],
		"needs": {"context": 128, "tools": false, "modalities": ["text"], "state": false},
		"attributes": {},
	},
	"tenant": {
		"id": "acme-eu",
		"country": "DE",
		"subdivisions": [],
		"sector": "finance",
		"regimes": ["EU-GDPR"],
		"commercial": true,
		"monthly_active_users": null,
		"monthly_revenue_usd": null,
		"user_countries": [],
		"accepted_licenses": [],
		"transfer_mechanisms": [],
		"pseudonymized_transfers": [],
		"origins": {},
		"residency": [],
		"self_hosted": null,
		"strict": false,
		"max_retention_days": null,
		"prefer": ["redact", "reroute", "block"],
		"rank_by": "price",
		"operators": {},
		"bare_names": "ignore",
	},
	"operator": {"country": "KR", "monthly_revenue_usd": null, "offers_models_to_third_parties": true},
	"caller": {"subject": "", "roles": [], "gateway": ""},
	"target": target,
	"candidates": [],
	"content": {
		"classes": [],
		"fixed": [],
		"found": {},
		"languages": ["en"],
		"unsupported_languages": [],
		"markings": [],
		"uninspected": [],
		"complete": true,
	},
	"counters": {},
}

target := {
	"id": "deepseek/v@nebius",
	"model": "deepseek/v",
	"provider": "nebius",
	"region": "",
	"identified": true,
	"unidentified": "",
	"listed": true,
	"status": "active",
	"moving_alias": false,
	"region_ignored": false,
	"kind": "inference-host",
	"developers": ["deepseek"],
	"origin": ["CN"],
	"open_weights": true,
	"licensor_api": false,
	"license": ["MIT"],
	"license_facts": [mit],
	"serving": {
		"regions": ["FI"],
		"parent_jurisdiction": "NL",
		"self_hosted": false,
		"trains_on_inputs": "no",
		"retention_days": 0,
		"zero_data_retention": "default",
		"dpf_certified": "",
	},
	"listings": [],
	"price": {"input": 0.28, "output": 0.4},
	"context": 163840,
	"tools": true,
	"modalities": ["text"],
	"unverified": [],
	"age_days": 12,
}

mit := {
	"id": "MIT",
	"name": "MIT License",
	"class": "permissive",
	"commercial_use": "yes",
	"territory": null,
	"scale": [],
	"hosting": null,
	"duties": [{"kind": "notice", "when": "always", "text": "Keep the notice", "clause": "MIT"}],
	"fields_of_use": [],
	"output_training": "none",
	"verified": true,
	"unverified": [],
}

community := object.union(mit, {
	"id": "LicenseRef-Community",
	"name": "Community License",
	"class": "community-restricted",
	"commercial_use": "conditional",
	"duties": [],
})

# METADATA
# description: The plain document with parts replaced, map by map; lists are replaced whole.
with_parts(parts) := object.union(plain, parts)

# METADATA
# description: The plain document with this content.
holding(classes) := with_parts({"content": {"classes": classes}})

# METADATA
# description: The plain target, changed.
serving(id, serving) := object.union(target, {"id": id, "serving": serving})

# METADATA
# description: A target in China under a Chinese parent.
chinese := object.union(target, {
	"id": "deepseek/v@deepseek",
	"provider": "deepseek",
	"serving": {"regions": ["CN"], "parent_jurisdiction": "CN"},
})

# METADATA
# description: The same weights on the tenant's own hardware.
own := object.union(target, {
	"id": "deepseek/v@self-hosted",
	"provider": "self-hosted",
	"kind": "self-hosted",
	"serving": {"regions": ["DE"], "parent_jurisdiction": "DE", "self_hosted": true},
})

# METADATA
# description: A target in the US, with a US parent.
american := object.union(target, {
	"id": "deepseek/v@us-host",
	"provider": "us-host",
	"serving": {"regions": ["US"], "parent_jurisdiction": "US"},
})

# METADATA
# description: The plain document with one license.
licensed(terms) := with_parts({"target": {"license_facts": [terms]}})

# METADATA
# description: A tenant's record of a transfer mechanism.
record(regime, mechanism, providers, countries) := {
	"regime": regime,
	"mechanism": mechanism,
	"providers": providers,
	"countries": countries,
	"expires": null,
}

# METADATA
# description: What a set of reasons is about - class and basis of each.
about(reasons) := {[object.get(reason, "class", ""), reason.basis] | some reason in reasons}
