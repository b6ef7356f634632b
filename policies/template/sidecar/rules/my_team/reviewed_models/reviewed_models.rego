# METADATA
# title: Reviewed models
# description: A tenant that the data list uses the models that were reviewed for it, and no others.
# custom:
#   clause: house rule of my-team
#   source: data/data.yaml
#   remedy: Have the model reviewed, or take one that is.
#   hard_boundary: false
#   directions: [request]
#   owner: my-team
package sidecar.rules.my_team.reviewed_models

deny contains {
	"message": sprintf("%s was not reviewed for %s", [input.target.model, input.tenant.id]),
	"clause": "house rule of my-team",
	"remedy": "Have the model reviewed, or take one that is.",
	"basis": "my_team.reviewed_models",
} if {
	data.my_team.reviewed_models[input.tenant.id]
	not _reviewed
}

_reviewed if input.target.model in data.my_team.reviewed_models[input.tenant.id]
