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

deny contains {
	"message": sprintf("%s (%s) is not among the licenses that the tenant has accepted", [license.name, _class(license)]),
	"clause": license.name,
	"remedy": sprintf("Read the license and add %s to accepted_licenses in the tenants file.", [license.id]),
	"basis": license.id,
} if {
	some license in licenses.terms
	not _free(license)
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

_accepted(license) if license.id in input.tenant.accepted_licenses

_free(license) if _class(license) in data.sidecar.acceptance.license_classes_without

_class(license) := "unknown" if {
	licenses.doubtful(license)
} else := license.class
