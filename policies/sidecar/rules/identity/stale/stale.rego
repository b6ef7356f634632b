# METADATA
# title: Stale facts
# description: >-
#   Where catalog.max_age_days is set, a target is judged by facts no older than that. The oldest row behind a card (model, provider, developers,
#   licenses) gives its age; an unknown age is too old. On the tenant's own hardware nothing leaves, and weights stay as they were licensed: a notice.
# custom:
#   clause: the operator's own limit
#   source: the day on which each row of the catalog was last looked up
#   remedy: Look the facts up again and enter them, with the day, in the overlay of the catalog, or install a newer catalog.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.identity.stale

import data.sidecar.lib.target

deny contains _reason if {
	_limited
	target.outside
	not _fresh
}

notice contains _reason if {
	_limited
	target.own
	not _fresh
}

_reason := {
	"message": sprintf("the oldest fact about %s is %s old, catalog.max_age_days permits %v", [input.target.id, _age, data.sidecar.config.max_age_days]),
	"clause": "the operator's own limit",
	"remedy": "Look the facts up again and enter them, with the day, in the overlay of the catalog, or install a newer catalog.",
	"basis": "catalog.max_age_days",
}

_limited if data.sidecar.config.max_age_days != null

_fresh if {
	is_number(data.sidecar.config.max_age_days)
	is_number(input.target.age_days)
	input.target.age_days <= data.sidecar.config.max_age_days
}

_age := sprintf("%v days", [input.target.age_days]) if {
	is_number(input.target.age_days)
} else := "nobody knows how"
