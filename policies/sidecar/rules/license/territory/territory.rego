# METADATA
# title: Excluded territory
# description: A license grants nothing to licensees, or for use or outputs, in the places that it excludes. One excluded country is enough.
# custom:
#   clause: the license's territory clause
#   source: the catalog's effective_excluded_territories and excluded_territory_test
#   remedy: Take a model whose license covers these countries.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.territory

import data.sidecar.lib.licenses
import data.sidecar.lib.places
import data.sidecar.lib.words

deny contains {
	"message": sprintf("%s grants nothing in %s", [license.name, words.line(excluded)]),
	"clause": license.territory.clause,
	"remedy": "Take a model whose license covers these countries.",
	"basis": license.id,
} if {
	some license in licenses.terms
	excluded := places.listed(license.territory.excluded) & _tested(license)
	count(excluded) > 0
}

deny contains {
	"message": sprintf("the territory of %s is recalled, not read, and the tenant is strict", [license.name]),
	"clause": license.name,
	"remedy": "Read the license and enter its territory in the overlay of the catalog as verified.",
	"basis": license.id,
} if {
	input.tenant.strict == true
	some license in licenses.terms
	licenses.doubted(license, "territory")
}

_tested(license) := union({_countries(test) | some test in license.territory.tested_against})

_countries("licensee_establishment") := places.listed({input.tenant.country})

_countries(test) := places.listed({input.tenant.country} | {country | some country in input.tenant.user_countries}) if {
	test != "licensee_establishment"
}
