# METADATA
# title: Region that pins nothing
# description: A region was asked for that the provider is not known to have, so all its regions count. A notice.
# custom:
#   clause: A region that is not known pins nothing
#   source: the catalog's processing_regions
#   remedy: Use the provider's own name of the region, or a country code among its regions.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.identity.region

import data.sidecar.lib.words

notice contains {
	"message": sprintf("the region asked for is not known at %s, so all its regions count: %s", [
		input.target.provider,
		words.line(input.target.serving.regions),
	]),
	"clause": "A region that is not known pins nothing",
	"remedy": "Use the provider's own name of the region, or a country code among its regions.",
	"basis": "catalog",
} if {
	input.target.identified == true
	input.target.region_ignored
}
