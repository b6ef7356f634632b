package test.rules.transfer.onward

import data.sidecar.rules.transfer.onward as rule
import data.test.documents

_through(kind) := object.union(documents.holding(["contact"]), {"target": {"kind": kind, "provider": "router"}})

test_an_aggregator_must_cover_its_upstream if {
	{{
		"text": "router hands requests on to other hosts: what carries the data to it must cover the host that runs the model",
		"clause": "GDPR Art.28, Art.44-49, Art.9, Art.10",
		"basis": "EU-GDPR",
	}} == rule.oblige with input as _through("aggregator")
}

test_success_a_host_of_its_own if {
	rule.oblige == set() with input as _through("inference-host")
}

test_success_nothing_protected if {
	rule.oblige == set() with input as object.union(_through("aggregator"), {"content": {"classes": []}})
}
