# METADATA
# title: Retired model
# description: The model is not active any more at its developer. A notice.
# custom:
#   clause: A model that is not maintained is known to be so
#   source: the catalog's status of the model
#   remedy: Move to an active model.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.identity.retired

notice contains {
	"message": sprintf("the status of %s is %s", [input.target.model, input.target.status]),
	"clause": "A model that is not maintained is known to be so",
	"remedy": "Move to an active model.",
	"basis": "catalog",
} if {
	input.target.identified == true
	not input.target.status == "active"
}
