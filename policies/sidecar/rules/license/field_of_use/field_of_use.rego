# METADATA
# title: Field of use
# description: >-
#   A license may forbid fields of use. Where the request's purpose or the tenant's sector is such a field, nothing goes there;
#   what cannot be told from them is an obligation.
# custom:
#   clause: the license's prohibited uses
#   source: the catalog's field_of_use_prohibited of each license, and the table fields_of_use
#   remedy: Take a model whose license permits the use.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.field_of_use

import data.sidecar.lib.licenses

deny contains {
	"message": sprintf("%s forbids this use: %s", [license.name, use.text]),
	"clause": use.clause,
	"remedy": "Take a model whose license permits the use, or correct the purpose of the request.",
	"basis": license.id,
} if {
	some license in licenses.terms
	some use in license.fields_of_use
	_within(use.field)
}

deny contains {
	"message": sprintf("the fields of use of %s are recalled, not read, and the tenant is strict", [license.name]),
	"clause": license.name,
	"remedy": "Read the license and enter its fields of use in the overlay of the catalog as verified.",
	"basis": license.id,
} if {
	input.tenant.strict == true
	some license in licenses.terms
	licenses.doubted(license, "fields_of_use")
}

oblige contains {"text": use.text, "clause": use.clause, "basis": license.id} if {
	some license in licenses.terms
	some use in license.fields_of_use
	field := use.field
	not _within(field)
}

_within(field) if input.request.attributes.purpose in data.sidecar.fields_of_use[field].purposes

_within(field) if input.tenant.sector in data.sidecar.fields_of_use[field].sectors
