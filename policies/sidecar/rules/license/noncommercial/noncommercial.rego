# METADATA
# title: Non-commercial license
# description: A commercial tenant may not use a model whose license, or a base model's license, forbids commercial use.
# custom:
#   clause: the license's grant
#   source: the catalog's commercial_use of each license
#   remedy: Take another model, or a commercial license from the licensor, entered in the overlay of the catalog.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.noncommercial

import data.sidecar.lib.licenses

deny contains {
	"message": sprintf("%s forbids commercial use", [license.name]),
	"clause": license.name,
	"remedy": "Take another model, or a commercial license from the licensor, entered in the overlay of the catalog.",
	"basis": license.id,
} if {
	not input.tenant.commercial == false
	some license in licenses.terms
	license.commercial_use == "no"
}

deny contains {
	"message": sprintf("whether %s permits commercial use is recalled, not read, and the tenant is strict", [license.name]),
	"clause": license.name,
	"remedy": "Read the license and enter it in the overlay of the catalog as verified.",
	"basis": license.id,
} if {
	input.tenant.strict == true
	not input.tenant.commercial == false
	some license in licenses.terms
	not license.commercial_use == "no"
	licenses.doubted(license, "commercial_use")
}
