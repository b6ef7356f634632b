# METADATA
# title: Offering a model as a service
# description: >-
#   Some licenses bind whoever offers the model to others. They are judged against the operator of the gateway: relaying to another
#   host and a tenant's own use pass where the license exempts them. Acceptance does not cure it; an unknown revenue is above the floor.
# custom:
#   clause: the license's clause on model as a service
#   source: the catalog's maas_restriction of each license
#   remedy: Use another host or model, or get the operator a license from the licensor.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.hosting

import data.sidecar.lib.licenses
import data.sidecar.lib.target

deny contains _said(license) if {
	some license in licenses.terms
	license.hosting.effect == "deny"
	_bites(license.hosting)
}

deny contains {
	"message": sprintf("what %s asks of those who offer it to others is recalled, not read, and the tenant is strict", [license.name]),
	"clause": license.name,
	"remedy": "Read the license and enter its hosting clause in the overlay of the catalog as verified.",
	"basis": license.id,
} if {
	input.tenant.strict == true
	some license in licenses.terms
	_offered
	licenses.doubted(license, "hosting")
}

notice contains _said(license) if {
	some license in licenses.terms
	license.hosting.effect == "notice"
	_bites(license.hosting)
}

_said(license) := {
	"message": sprintf("%s: %s", [license.name, license.hosting.text]),
	"clause": license.hosting.clause,
	"remedy": "Use another host or model, or get the operator of the gateway a license from the licensor.",
	"basis": license.id,
}

_bites(hosting) if {
	_offered
	not _exempt(hosting)
	not _under_the_floor(hosting)
}

_offered if not input.operator.offers_models_to_third_parties == false

_exempt(hosting) if {
	hosting.relay_exempt
	target.outside
}

_exempt(hosting) if {
	hosting.internal_use_exempt
	target.own
}

_under_the_floor(hosting) if {
	is_number(input.operator.monthly_revenue_usd)
	input.operator.monthly_revenue_usd * 12 <= hosting.floor_usd_year
	hosting.floor_usd_year > 0
}
