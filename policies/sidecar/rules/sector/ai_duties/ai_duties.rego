# METADATA
# title: Duties of those who use AI
# description: >-
#   Acts about AI itself ask nothing of a transfer, but of the tenant that uses a model in a service of its own - telling people, labeling what
#   is generated, looking after high-risk uses. Each duty is owed from its day on, as an obligation.
# custom:
#   clause: the clause of each duty
#   source: the application dates of each regime in the catalog
#   remedy: Do what the obligation says in the service that uses the model.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.sector.ai_duties

oblige contains {"text": duty.text, "clause": duty.clause, "basis": id} if {
	some id in input.tenant.regimes
	some duty in data.sidecar.regimes[id].duties
	duty.from <= input.date
	_of_the_sector(duty)
}

_of_the_sector(duty) if count(duty.sectors) == 0

_of_the_sector(duty) if input.tenant.sector in duty.sectors
