# METADATA
# title: Onward transfer through an aggregator
# description: >-
#   An aggregator hands requests on to other hosts. Where data that a regime of the tenant protects may go to it, the contract or record that
#   carries them must reach its upstream as well. An obligation, also where the upstream is pinned.
# custom:
#   clause: the clauses of the regime
#   source: the catalog's kind of each provider
#   remedy: Pin the upstream, and have the aggregator's contract cover it.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.transfer.onward

import data.sidecar.lib.target
import data.sidecar.lib.tenant

oblige contains {
	"text": sprintf("%s hands requests on to other hosts: what carries the data to it must cover the host that runs the model", [input.target.provider]),
	"clause": data.sidecar.reach[id].law,
	"basis": id,
} if {
	input.target.kind == "aggregator"
	target.outside
	some id, _ in tenant.bearing
}
