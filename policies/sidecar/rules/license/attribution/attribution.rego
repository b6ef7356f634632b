# METADATA
# title: Attribution
# description: >-
#   What the tenant must show, call or hand on when it uses the model. The notices of permissive licenses are owed only by those who
#   hold the weights.
# custom:
#   clause: the license's attribution and naming clauses
#   source: the catalog's duties and display limits of each license
#   remedy: Do what the obligation says where the model is used.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.attribution

import data.sidecar.lib.licenses
import data.sidecar.lib.target

oblige contains {"text": duty.text, "clause": duty.clause, "basis": license.id} if {
	some license in licenses.terms
	some duty in license.duties
	licenses.attributes(duty)
	licenses.due(license, duty)
	not _of_the_holder(license, duty)
}

oblige contains {"text": limit.text, "clause": limit.clause, "basis": license.id} if {
	some license in licenses.terms
	some limit in license.scale
	limit.effect == "display"
	not licenses.below(limit)
	not _said_as_duty(license)
}

_of_the_holder(license, duty) if {
	license.class == "permissive"
	duty.kind == "notice"
	not target.own
}

_said_as_duty(license) if {
	some duty in license.duties
	duty.when == "scale"
	duty.kind == "display"
}
