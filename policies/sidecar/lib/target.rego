# METADATA
# title: The target
# description: Who serves it and where, with what a strict tenant does not believe counted as unknown.
package sidecar.lib.target

import data.sidecar.lib.places

# METADATA
# description: Another party's target. One that is not identified is neither outside nor own; identity.unidentified_target refuses it.
outside if {
	input.target.identified == true
	not own
}

# METADATA
# description: It runs on the tenant's own hardware.
own if {
	input.target.identified == true
	input.target.serving.self_hosted == true
}

# METADATA
# description: A fact that is recalled, not read, asked about for a tenant that does not accept that.
doubted(field) if {
	input.tenant.strict == true
	field in input.target.unverified
}

# METADATA
# description: Where it processes. Never empty.
regions := [places.unknown] if {
	doubted("serving.regions")
} else := input.target.serving.regions if {
	count(input.target.serving.regions) > 0
} else := [places.unknown]

# METADATA
# description: Whose law reaches the operator.
parent := places.unknown if {
	doubted("serving.parent_jurisdiction")
} else := input.target.serving.parent_jurisdiction if {
	input.target.serving.parent_jurisdiction != ""
} else := places.unknown

# METADATA
# description: Both, since both are judged.
all_places := {place | some place in regions} | {parent}

# METADATA
# description: Whether it trains on inputs.
training := "unknown" if {
	doubted("serving.trains_on_inputs")
} else := input.target.serving.trains_on_inputs

# METADATA
# description: The days it keeps inputs. Undefined where unknown.
retention := input.target.serving.retention_days if {
	is_number(input.target.serving.retention_days)
	not doubted("serving.retention_days")
}

# METADATA
# description: Countries of the developer and of every base model's.
origin := [places.unknown] if {
	doubted("origin")
} else := input.target.origin
