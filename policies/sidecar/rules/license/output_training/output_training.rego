# METADATA
# title: Training on outputs
# description: >-
#   Some licenses and contracts forbid to train other models on outputs. A request whose purpose is just that goes to no such model, nor
#   to one whose terms do not say. For other purposes the ban is an obligation, by license.duties.
# custom:
#   clause: the license's clause on outputs
#   source: the catalog's output_training of each license, and the purposes of output_training in the table fields_of_use
#   remedy: Take a model whose license leaves its outputs free.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.output_training

import data.sidecar.lib.licenses

deny contains {
	"message": sprintf("%s does not permit to train models on its outputs (%s)", [license.name, _effect(license)]),
	"clause": license.name,
	"remedy": "Take a model whose license leaves its outputs free, or correct the purpose of the request.",
	"basis": license.id,
} if {
	input.request.attributes.purpose in data.sidecar.fields_of_use.output_training.purposes
	some license in licenses.terms
	_effect(license) in {"prohibited", "unknown"}
}

_effect(license) := "unknown" if {
	licenses.doubted(license, "output_training")
} else := license.output_training
