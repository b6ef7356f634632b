# METADATA
# title: Other duties of a license
# description: Conditions that no fact answers - registration, review by the licensor, exclusion of competitors, acceptable use - as obligations.
# custom:
#   clause: the license's further conditions
#   source: the catalog's duties of each license
#   remedy: Do what the obligation says; acceptance of the license stands for it.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.duties

import data.sidecar.lib.licenses

oblige contains {"text": duty.text, "clause": duty.clause, "basis": license.id} if {
	some license in licenses.terms
	some duty in license.duties
	not licenses.attributes(duty)
	licenses.due(license, duty)
}
