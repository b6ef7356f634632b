# METADATA
# title: Unidentified target
# description: Nothing goes to a model or a provider that the catalog does not know, or knows only as a name without an owner.
# custom:
#   clause: Unknown is never yes
#   source: the catalog's models, developers and providers
#   remedy: Name a model and a provider that the catalog knows, or add them to the overlay of the catalog.
#   hard_boundary: true
#   directions: [request]
package sidecar.rules.identity.unidentified_target

deny contains {
	"message": sprintf("%s: %s", [input.target.id, _why]),
	"clause": "Unknown is never yes",
	"remedy": _remedy,
	"basis": "catalog",
} if {
	not input.target.identified == true
}

_why := _told[input.target.unidentified].why if {
	_told[input.target.unidentified]
} else := "the target cannot be identified"

_remedy := _told[input.target.unidentified].remedy if {
	_told[input.target.unidentified]
} else := "Name a model and a provider that the catalog knows, or add them to the overlay of the catalog."

_told := {
	"model_unknown": {
		"why": "the catalog knows no such model",
		"remedy": "Name a model that the catalog knows, or add it to the overlay of the catalog.",
	},
	"provider_unknown": {
		"why": "the catalog knows no such provider",
		"remedy": "Name a provider that the catalog knows, or add it to the overlay of the catalog.",
	},
	"ambiguous": {
		"why": "the name fits several models or providers",
		"remedy": "Use a canonical id.",
	},
	"developer_unidentified": {
		"why": "nobody says who developed the model",
		"remedy": "Use a model whose developer is known.",
	},
	"origin_unknown": {
		"why": "the country of the developer, or of a base model's, is unknown",
		"remedy": "Use a model whose origin is known.",
	},
	"closed_weights_self_hosted": {
		"why": "the weights of this model are not to be had, so it cannot run on the tenant's own hardware",
		"remedy": "Name the provider that really serves it, or a model with open weights.",
	},
	"not_self_hosted_by_tenant": {
		"why": "the tenant does not list this model as one that it hosts itself",
		"remedy": "Add the model to self_hosted in the tenants file, or name the provider that really serves it.",
	},
}
