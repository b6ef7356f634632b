# METADATA
# title: Transfers
# description: >-
#   Which places a regime accepts for a class, by its own lists and by the tenant's records. Classes of which a regime says nothing of
#   their own are judged under one key, the empty word, like any content; data.sidecar.reach has the lists by key.
package sidecar.lib.transfers

import data.sidecar.lib.places
import data.sidecar.lib.target
import data.sidecar.lib.tenant

# METADATA
# description: The classes of this content that a regime of the tenant does not let go to the target, by regime.
stopped[id] contains class if {
	target.outside
	some id, classes in tenant.bearing
	some class, key in classes
	_bites(id, key)
	count(obstacles(id, key)) > 0
}

# METADATA
# description: The places of the target that the regime does not accept under a key. Empty means that the data may go there.
obstacles(id, key) := {place |
	some place in target.all_places
	not _accepted(id, key, place)
}

# METADATA
# description: The regime counts anonymous data too, so that no operator cures what it says.
incurable(id) if data.sidecar.reach[id].keys.anonymous

# METADATA
# description: A mechanism carries what stands under the key to the target, be it a list of the authority or a record of the tenant.
carried(id, key) if {
	count(obstacles(id, key)) == 0
	some place in target.all_places
	not data.sidecar.reach[id].home[place]
	some country in places.members(place)
	_by_mechanism(id, key, country)
}

# METADATA
# description: >-
#   The mechanisms that a tenant could record under the key, as a standing basis, to open the places that stand against it, with what they
#   mean. Empty where none opens one of them.
recordable(id, key) := union(ways) if {
	ways := {_ways(id, key, place) | some place in obstacles(id, key)}
	not set() in ways
} else := set()

_ways(id, key, place) := {way.words |
	not data.sidecar.reach[id].barred[place]
	some name, way in data.sidecar.reach[id].records[key]
	way.since <= input.date
	_opens(way, place)
	_within_tiers(id, key, name)
}

_opens(way, _) if way.countries == "any"

_opens(way, place) if way.countries[place]

# METADATA
# description: Mechanisms that are needed besides another, in the tenant's own part of the country.
supplements(id) := {name |
	some part in input.tenant.subdivisions
	some name in data.sidecar.reach[id].supplements[part]
}

_accepted(id, key, place) if _listed(id, key, place)

_accepted(id, key, place) if _covered(id, key, place)

_accepted(id, key, "EU") if {
	every country in places.members("EU") { _reachable(id, key, country) }
}

_reachable(id, key, country) if _listed(id, key, country)

_reachable(id, key, country) if _covered(id, key, country)

# --- by the regime's own lists ---------------------------------------------------------------

_listed(id, _, place) if data.sidecar.reach[id].home[place]

_listed(id, key, place) if data.sidecar.reach[id].open[key][place] >= input.date

_listed(id, key, place) if {
	shut := data.sidecar.reach[id].elsewhere[key]
	not shut[place]
}

# --- by the tenant's records -------------------------------------------------------------------

_by_mechanism(id, key, country) if {
	not data.sidecar.reach[id].home[country]
	data.sidecar.reach[id].open[key][country] >= input.date
}

_by_mechanism(id, key, country) if {
	not _listed(id, key, country)
	_covered(id, key, country)
}

_covered(id, key, country) if {
	some record in input.tenant.transfer_mechanisms
	record.regime == id
	not data.sidecar.reach[id].barred[country]
	mechanism := _record(id, key, country, record)
	mechanism.region == ""
	every name in supplements(id) { _supplemented(id, key, country, name) }
}

# what a record stands for, where it holds for this target, key and country, today
_record(id, key, country, record) := mechanism if {
	record.regime == id
	_names_provider(record)
	country in places.covered(record.countries)
	mechanism := data.sidecar.regimes[id].mechanisms[record.mechanism]
	_standing(mechanism)
	not _lapsed(record, mechanism)
	_cures(mechanism, country)
	_extends(id, key, record.mechanism, mechanism)
	_for_this_purpose(mechanism)
}

_supplemented(id, key, country, name) if {
	some record in input.tenant.transfer_mechanisms
	record.mechanism == name
	_record(id, key, country, record)
}

_standing(mechanism) if {
	not mechanism.automatic
	not mechanism.routine == false
	mechanism.since <= input.date
}

_names_provider(record) if "*" in record.providers

_names_provider(record) if input.target.provider in record.providers

# the day that a record names is its last
_lapsed(record, _) if {
	is_string(record.expires)
	record.expires < input.date
}

_lapsed(record, mechanism) if {
	mechanism.needs_expiry
	not _dated(record)
}

_dated(record) if is_string(record.expires)

_cures(mechanism, _) if mechanism.countries == "any"

_cures(mechanism, country) if country in mechanism.countries

# what stands under the key is within what the mechanism cures
_extends(id, key, name, mechanism) if {
	not _left_out(mechanism, key)
	not _excepted(id, key, name)
	_within_tiers(id, key, name)
}

_left_out(mechanism, key) if key in mechanism.not_classes

_excepted(id, key, name) if {
	row := data.sidecar.regimes[id].never[key]
	not _admits(row, name)
}

_admits(row, name) if name in row.except

_for_this_purpose(mechanism) if count(mechanism.purposes) == 0

_for_this_purpose(mechanism) if input.request.attributes.purpose in mechanism.purposes

# --- thresholds ----------------------------------------------------------------------------------

# thresholds that name no mechanism hold a regime back until one of them is crossed
_bites(id, _) if count(data.sidecar.reach[id].gates) == 0

_bites(id, key) if {
	some row in data.sidecar.reach[id].gates[key]
	_crossed(row)
}

# those that name mechanisms leave no others
_within_tiers(id, key, name) if {
	every row in _tiers(id, key) { name in row.mechanisms }
}

_tiers(id, key) := [row |
	some row in data.sidecar.reach[id].tiers[key]
	_in_force(row)
]

_in_force(row) if count(row.levels) == 0

_in_force(row) if _crossed(row)

# a threshold that no counter names is below
_crossed(row) if input.counters[row.counter] in row.levels

# counted for each counterparty
_crossed(row) if input.counters[sprintf("%s@%s", [row.counter, input.target.provider])] in row.levels
