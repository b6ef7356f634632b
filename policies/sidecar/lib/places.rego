# METADATA
# title: Places
# description: Countries, the European Union as a place, and the place that nobody knows.
package sidecar.lib.places

# METADATA
# description: The word for a place that is not known.
unknown := "ZZ"

# METADATA
# description: Every country that a place of processing may be; the EU as a place is some country of the EEA.
members(place) := _members(place, "EEA")

# METADATA
# description: The countries that a list means when it speaks of residency or territory, where EU is the EU27.
listed(places) := {country |
	some place in places
	some country in _members(place, "EU27")
}

# METADATA
# description: The countries that a record of a transfer mechanism covers, where EU is the EEA. An unknown place never is.
covered(places) := {country |
	some place in places
	some country in _members(place, "EEA")
	country != unknown
}

_members("EU", name) := data.sidecar.country_sets[name]

_members(place, _) := [place] if place != "EU"
