package test.rules.content.credential

import data.sidecar.rules.content.credential as rule
import data.test.documents

test_success_none if {
	rule.redact == set() with input as documents.holding(["contact"])
}

test_fail_outside if {
	{{
		"class": "credential",
		"operator": "remove",
		"reason": {
			"message": "a credential would reach nebius",
			"clause": "A secret that is sent is a secret no more",
			"remedy": "Leave secrets out of prompts, or use a self-hosted target.",
			"basis": "content",
		},
	}} == rule.redact with input as documents.holding(["credential"])
}

test_success_own if {
	rule.redact == set() with input as object.union(documents.holding(["credential"]), {"target": documents.own})
}
