# METADATA
# title: Accepted licenses
# description: >-
#   Community, responsible-use, research and unknown licenses must stand in the tenant's accepted_licenses; permissive ones and the
#   terms of an API need not. Acceptance stands for the conditions that no fact answers.
# custom:
#   clause: a license is a contract
#   source: the catalog's class of each license
#   remedy: Read the license and add its id to accepted_licenses in the tenants file.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.license.acceptance

import data.sidecar.lib.licenses

deny contains _said(license, class) if {
	some license in licenses.terms
	class := license.class
	not _free(class) # most end here
	not licenses.doubtful(license)
	not _accepted(license)
}

deny contains _said(license, "unknown") if {
	input.tenant.strict == true
	some license in licenses.terms
	licenses.doubtful(license)
	not _accepted(license)
}

deny contains {
	"message": "no license of this target is known",
	"clause": "Empty is never yes",
	"remedy": "Enter the license of the model in the overlay of the catalog.",
	"basis": "catalog",
} if {
	input.target.identified == true
	count(licenses.terms) == 0
}

_said(license, class) := {
	"message": sprintf("%s (%s) is not among the licenses that the tenant has accepted", [license.name, class]),
	"clause": license.name,
	"remedy": sprintf("Read the license and add %s to accepted_licenses in the tenants file.", [license.id]),
	"basis": license.id,
}

_accepted(license) if license.id in input.tenant.accepted_licenses

_free(class) if class in data.sidecar.acceptance.license_classes_without
