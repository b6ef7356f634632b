# METADATA
# title: Size of the licensee
# description: >-
#   Above a limit of users or revenue some licenses end. A size that the tenant has not stated is above every limit that ends a grant.
#   A limit that only brings a display duty denies nothing.
# custom:
#   clause: the license's limits
#   source: the catalog's mau_limit and revenue limits of each license
#   remedy: State the figure in the tenants file, take another model, or a license from the licensor.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.scale

import data.sidecar.lib.licenses

deny contains {
	"message": sprintf("%s: %s (%s is %v, the limit %v)", [license.name, limit.text, limit.measure, figure, limit.limit]),
	"clause": limit.clause,
	"remedy": "Take another model, or a license for this size from the licensor, entered in the overlay of the catalog.",
	"basis": license.id,
} if {
	some license in licenses.terms
	some limit in license.scale
	limit.effect == "deny"
	not licenses.below(limit)
	figure := licenses.figure(limit.measure)
}

deny contains {
	"message": sprintf("%s sets a limit of %v on %s, and the tenant has not stated %s", [
		license.name,
		limit.limit,
		limit.measure,
		field,
	]),
	"clause": limit.clause,
	"remedy": sprintf("State %s in the tenants file.", [field]),
	"basis": license.id,
} if {
	some license in licenses.terms
	some limit in license.scale
	limit.effect == "deny"
	measure := limit.measure
	field := licenses.field(measure)
	not licenses.figure(measure)
}

deny contains {
	"message": sprintf("the limits on size in %s are recalled, not read, and the tenant is strict", [license.name]),
	"clause": license.name,
	"remedy": "Read the license and enter its limits in the overlay of the catalog as verified.",
	"basis": license.id,
} if {
	input.tenant.strict == true
	some license in licenses.terms
	licenses.doubted(license, "scale")
}

notice contains {
	"message": sprintf("%s: %s", [license.name, limit.text]),
	"clause": limit.clause,
	"remedy": sprintf("Do what the license asks from this size on. It is judged by %s in the tenants file.", [field]),
	"basis": license.id,
} if {
	some license in licenses.terms
	some limit in license.scale
	limit.effect == "notice"
	not licenses.below(limit)
	field := licenses.field(limit.measure)
}
