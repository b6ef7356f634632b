# METADATA
# title: Developers on government lists
# description: The developer of the model, or of a base model, stands on a list of a government. A fact to know, not a ban. A notice.
# custom:
#   clause: the list itself
#   source: the catalog's listings of developers
#   remedy: Have the effect of the list checked for this use.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.listing.developer

notice contains {
	"message": sprintf("%s stands on %s since %s: %s", [entry.developer, entry.list, entry.since, entry.effect]),
	"clause": entry.list,
	"remedy": "Have the effect of the list checked for this use.",
	"basis": entry.list,
} if {
	input.target.identified == true
	some entry in input.target.listings
}
