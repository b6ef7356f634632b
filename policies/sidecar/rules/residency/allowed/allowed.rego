# METADATA
# title: Residency
# description: A tenant that names countries of processing gets no target with a region outside them, whatever the content.
# custom:
#   clause: the tenant's own residency list
#   source: the tenants file
#   remedy: Pin a region inside the list, take another provider, or use a self-hosted target.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.residency.allowed

import data.sidecar.lib.places
import data.sidecar.lib.target
import data.sidecar.lib.words

deny contains {
	"message": sprintf("%s processes in %s, outside of %s", [
		input.target.provider,
		words.line(outside),
		words.line(input.tenant.residency),
	]),
	"clause": "the tenant's own residency list",
	"remedy": "Pin a region inside the list, take another provider, or use a self-hosted target.",
	"basis": "tenant.residency",
} if {
	count(input.tenant.residency) > 0
	target.outside
	allowed := places.listed(input.tenant.residency) - {places.unknown}
	outside := {region |
		some region in target.regions
		count(places.listed({region}) - allowed) > 0
	}
	count(outside) > 0
}
