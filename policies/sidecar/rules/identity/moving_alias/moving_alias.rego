# METADATA
# title: Moving alias
# description: The name stands for whatever version its vendor points it to, so that model and license may change without notice. A notice.
# custom:
#   clause: The license follows the checkpoint
#   source: the catalog's moving_alias of the model
#   remedy: Name a dated version.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.identity.moving_alias

notice contains {
	"message": sprintf("%s is an alias that its vendor moves from version to version: %s", [input.target.model, _version]),
	"clause": "The license follows the checkpoint",
	"remedy": "Name a dated version.",
	"basis": "catalog",
} if {
	input.target.identified == true
	input.target.moving_alias
}

_version := input.target.stands_for if {
	input.target.stands_for != ""
} else := "which one answers now is not known"
