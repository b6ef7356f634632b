# METADATA
# title: Pseudonyms that are not the tenant's own
# description: >-
#   A reply that holds a pseudonym which this tenant's keys did not make is given on without it: it stands for a value of somebody else, or
#   the model made it up.
# custom:
#   clause: A reply speaks of its own customer's data alone
#   source: house rule
#   remedy: Look for what mixes customers between the gateway and the model, such as a shared cache, memory or index.
#   hard_boundary: false
#   directions: [response]
package sidecar.rules.content.foreign_pseudonym

redact contains {
	"class": "foreign_pseudonym",
	"operator": "remove",
	"reason": {
		"message": sprintf("the reply of %s holds a pseudonym that is not this customer's", [input.target.provider]),
		"clause": "A reply speaks of its own customer's data alone",
		"remedy": "Look for what mixes customers between the gateway and the model, such as a shared cache, memory or index.",
		"basis": "content",
	},
} if {
	"foreign_pseudonym" in input.content.classes
}
