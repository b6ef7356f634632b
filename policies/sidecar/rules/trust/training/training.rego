# METADATA
# title: Training on inputs
# description: Data that a regime of the tenant protects go to no provider that trains on inputs, or may.
# custom:
#   clause: purpose limitation of the regime
#   source: the catalog's trains_on_inputs of each provider
#   remedy: Redact the class, or take a provider that does not train on inputs.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.trust.training

import data.sidecar.lib.target
import data.sidecar.lib.tenant
import data.sidecar.lib.words

deny contains {
	"class": class,
	"message": sprintf("%s trains on inputs (%s), and %s is protected by %s", [
		input.target.provider,
		target.training,
		words.class(class),
		data.sidecar.regimes[id].name,
	]),
	"clause": data.sidecar.reach[id].law,
	"remedy": "Redact it, or take a provider that does not train on inputs.",
	"basis": id,
} if {
	target.outside
	not _excluded
	some id, classes in tenant.bearing
	some class, _ in classes
}

_excluded if target.training == "no"
