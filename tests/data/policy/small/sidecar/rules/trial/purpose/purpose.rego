# METADATA
# title: Purpose
# description: Misbehaves on request.
# custom:
#   hard_boundary: false
#   directions: [request, response]
package sidecar.rules.trial.purpose

deny contains "Denied as asked." if input.request.attributes.purpose == "deny"

# runs for many minutes unless it is stopped
deny contains "Never said." if {
	input.request.attributes.purpose == "runaway"
	rows := numbers.range(1, data.sidecar.trial.rows)
	count([1 | some a in rows; some b in rows; some c in rows; (a * b) + c < 0]) > 0
}

# an error of a builtin, which OPA answers with HTTP 500
deny contains "Never said." if {
	input.request.attributes.purpose == "fault"
	to_number("no number") == 0
}
