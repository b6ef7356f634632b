# METADATA
# title: Unlisted pair
# description: Model and provider are known, but no list says that this provider serves this model. A notice.
# custom:
#   clause: Known apart, not together
#   source: the catalog's served_by lists
#   remedy: Check that the provider serves the model, or add the pair to the overlay of the catalog.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.identity.unlisted

notice contains {
	"message": sprintf("no list names %s at %s", [input.target.model, input.target.provider]),
	"clause": "Known apart, not together",
	"remedy": "Check that the provider serves the model, or add the pair to the overlay of the catalog.",
	"basis": "catalog",
} if {
	input.target.identified == true
	not input.target.listed
}
