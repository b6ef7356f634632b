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
	some country, stance in _stances
	stance == "deny"
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
	some country, stance in _stances
	stance == "self_hosted_or_hosted_outside"
	not target.own
	not _hosted_outside(country)
}

# what the tenant says of the countries that the model comes from; one of unknown origin comes from each of them
_stances[country] := stance if {
	input.target.identified == true
	some country in target.origin
	stance := input.tenant.origins[country]
}

_stances[country] := stance if {
	input.target.identified == true
	places.unknown in target.origin
	some country, stance in input.tenant.origins
}

# an unknown place, or an aggregator that hands on to others, is never established to be outside
_hosted_outside(country) if {
	input.target.kind != "aggregator"
	every place in target.all_places { not _inside(place, country) }
}

_inside(place, country) if place in {country, places.unknown}

_inside("EU", country) if country in places.members("EU")
