# METADATA
# title: Licenses
# description: Sizes, doubts and duties under the licenses of a target.
package sidecar.lib.licenses

import data.sidecar.lib.target

# METADATA
# description: The licenses of a target that is identified. All must hold.
terms := input.target.license_facts if input.target.identified == true

# METADATA
# description: A field of a license that is recalled, not read, asked about for a tenant that does not accept that.
doubted(license, field) if {
	input.tenant.strict == true
	field in license.unverified
}

doubted(license, _) if doubtful(license)

# METADATA
# description: The same of a whole license, or of which license it is.
doubtful(license) if {
	input.tenant.strict == true
	not _read(license)
}

doubtful(_) if target.doubted("license")

_read(license) if license.verified == true

# METADATA
# description: The tenant's figure that stands for a measure. Undefined where the tenant has not stated it.
figure("monthly_active_users") := input.tenant.monthly_active_users if is_number(input.tenant.monthly_active_users)

# a day's users are never more than a month's
figure("daily_active_users") := input.tenant.monthly_active_users if is_number(input.tenant.monthly_active_users)

figure("monthly_revenue_usd") := input.tenant.monthly_revenue_usd if is_number(input.tenant.monthly_revenue_usd)

figure("yearly_revenue_usd") := input.tenant.monthly_revenue_usd * 12 if is_number(input.tenant.monthly_revenue_usd)

# METADATA
# description: The field of a tenants file that states the figure.
field("monthly_active_users") := "monthly_active_users"

field("daily_active_users") := "monthly_active_users"

field("monthly_revenue_usd") := "monthly_revenue_usd"

field("yearly_revenue_usd") := "monthly_revenue_usd"

# METADATA
# description: The tenant is known to stay below a limit.
below(limit) if {
	limit.compare == "above"
	figure(limit.measure) <= limit.limit
}

below(limit) if {
	limit.compare == "from"
	figure(limit.measure) < limit.limit
}

# METADATA
# description: A duty to name the licensor, the model or the license where it is used.
attributes(duty) if duty.kind in {"display", "naming", "pass_through", "notice"}

# METADATA
# description: A duty is owed for this target, by this tenant.
due(_, duty) if duty.when == "always"

due(_, duty) if {
	duty.when == "self_hosted"
	target.own
}

due(license, duty) if {
	duty.when == "scale"
	some limit in license.scale
	limit.effect == "display"
	not below(limit)
}
