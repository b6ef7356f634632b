# METADATA
# title: Stance on an origin
# description: >-
#   A tenant may refuse models of a country, or take them only where they run on its own hardware or at a host whose regions and
#   parent are known to be outside of that country.
# custom:
#   clause: the tenant's own stance
#   source: the tenants file
#   remedy: Take a model of another origin, or host it where the stance permits.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.origin.stance

import data.sidecar.lib.places
import data.sidecar.lib.target

deny contains {
	"message": sprintf("the tenant takes no models from %s", [country]),
	"clause": "the tenant's own stance",
	"remedy": "Take a model of another origin.",
	"basis": "tenant.origins",
} if {
	some country, stance in input.tenant.origins
	stance == "deny"
	_from(country)
}

deny contains {
	"message": sprintf("the tenant takes models from %s only self-hosted or hosted outside of it, which %s is not known to be", [
		country,
		input.target.provider,
	]),
	"clause": "the tenant's own stance",
	"remedy": "Take a host whose regions and parent are outside of that country, or the tenant's own hardware.",
	"basis": "tenant.origins",
} if {
	some country, stance in input.tenant.origins
	stance == "self_hosted_or_hosted_outside"
	_from(country)
	not target.own
	not _hosted_outside(country)
}

_from(country) if {
	input.target.identified == true
	some origin in target.origin
	origin in {country, places.unknown}
}

# an unknown place, or an aggregator that hands on to others, is never established to be outside
_hosted_outside(country) if {
	input.target.kind != "aggregator"
	every place in target.all_places {
		every member in places.members(place) { not _inside(member, country) }
	}
}

_inside(member, country) if member in {country, places.unknown}
