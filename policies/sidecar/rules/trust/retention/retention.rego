# METADATA
# title: Retention
# description: A tenant that limits how long its inputs are kept gets no target that keeps them longer, or for an unknown time.
# custom:
#   clause: the tenant's own limit
#   source: the catalog's retention_days of each provider
#   remedy: Take a provider that keeps inputs for a shorter time.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.trust.retention

import data.sidecar.lib.target

deny contains {
	"message": sprintf("%s keeps inputs for %s days, the tenant permits %v", [input.target.provider, _days, input.tenant.max_retention_days]),
	"clause": "the tenant's own limit",
	"remedy": "Take a provider that keeps inputs for a shorter time, or agree on one and enter it in the overlay of the catalog.",
	"basis": "tenant.max_retention_days",
} if {
	is_number(input.tenant.max_retention_days)
	target.outside
	not _short_enough
}

_short_enough if target.retention <= input.tenant.max_retention_days

_days := sprintf("%v", [target.retention]) if {
	is_number(target.retention)
} else := "an unknown number of"
