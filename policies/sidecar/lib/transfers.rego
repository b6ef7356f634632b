# METADATA
# title: Transfers
# description: Which places a regime accepts for a class, by its own lists and by the tenant's records.
package sidecar.lib.transfers

import data.sidecar.lib.places
import data.sidecar.lib.target
import data.sidecar.lib.tenant

# METADATA
# description: >-
#   The places of the target that the regime does not accept for the class. The class "" asks about any content.
#   Empty means that the data may go there.
obstacles(id, class) := _obstacles(id, _key(id, class))

_obstacles(id, key) := {place |
	some place in target.all_places
	not _accepted(id, key, place)
}

# classes of which a regime says nothing of their own are judged as one, like any content
_key(id, class) := "" if {
	particular := _particular[id]
	not tenant.known_as(class) in particular
} else := tenant.known_as(class)

_particular[id] := union({
	object.keys(regime.never),
	{class | some class in regime.equivalence_excludes},
	{class | some row in regime.localization; some class in row.classes},
	{class | some row in regime.thresholds; some class in row.classes},
	{class | some mechanism in regime.mechanisms; some class in mechanism.not_classes},
}) if {
	some id in input.tenant.regimes
	regime := data.sidecar.regimes[id]
}

# METADATA
# description: The row by which a regime leaves fewer ways to a class than to others.
never(id, class) := data.sidecar.regimes[id].never[tenant.known_as(class)]

# METADATA
# description: >-
#   The regime bites on the class at all. Rows of thresholds that name no mechanism hold it back until one of them is crossed.
bites(id, _) if count(_gates(id)) == 0

bites(id, class) if {
	some row in _gates(id)
	_named(row, class)
	_crossed(id, row)
}

bites(id, class) if {
	every row in _gates(id) { not _named(row, class) }
	some row in _gates(id)
	_crossed(id, row)
}

# METADATA
# description: The regime counts anonymous data too, so that no operator cures what it says.
incurable(id) if "anonymous" in data.sidecar.regimes[id].entity_classes

# METADATA
# description: A mechanism carries the class to the target, be it a list of the authority or a record of the tenant.
carried(id, class) if {
	count(obstacles(id, class)) == 0
	some place in target.all_places
	some country in places.members(place)
	_by_mechanism(id, tenant.known_as(class), country)
}

# METADATA
# description: >-
#   The mechanisms that a tenant could record for the class, as a standing basis, to open the places that stand against it. Empty
#   where none opens one of them.
recordable(id, class) := _recordable(id, _key(id, class))

_recordable(id, key) := union(ways) if {
	ways := {_ways(id, key, place) | some place in _obstacles(id, key)}
	not set() in ways
} else := set()

_ways(id, class, place) := {name |
	some name, mechanism in data.sidecar.regimes[id].mechanisms
	mechanism.region == ""
	not mechanism.automatic
	_standing(mechanism)
	_extends(id, class, name, mechanism)
	every country in places.members(place) {
		country != places.unknown
		not _closed(id, country)
		_cures(mechanism, country)
	}
}

_accepted(id, class, place) if {
	every country in places.members(place) { _reachable(id, class, country) }
}

_reachable(id, class, country) if _permitted(id, class, country)

_reachable(id, class, country) if _covered(id, class, country)

# --- by the regime's own lists ---------------------------------------------------------------

_permitted(id, _, country) if _home(id, country)

_permitted(id, class, country) if _recognized(id, class, country)

_permitted(id, class, country) if {
	regime := data.sidecar.regimes[id]
	regime.trigger == "border"
	regime.default == "deny_if"
	_unlisted(regime, country)
	not _kept_home(regime, class, country)
}

_permitted(id, class, country) if {
	regime := data.sidecar.regimes[id]
	regime.trigger == "border"
	regime.default == "allow_unless"
	_unlisted(regime, country)
	not never(id, class)
	not _kept_home(regime, class, country)
}

_home(id, country) if {
	regime := data.sidecar.regimes[id]
	regime.trigger == "border"
	country in regime.home
}

# adequacy and equivalence: lists of the authority that hold by themselves
_recognized(id, class, country) if {
	regime := data.sidecar.regimes[id]
	regime.trigger == "border"
	regime.default in {"deny_unless", "conditional"}
	_on_list(regime, class, country)
	not _denied(regime, country)
	not never(id, class)
	not _kept_home(regime, class, country)
}

_on_list(regime, _, country) if {
	country in regime.allow
	not _lapsed(regime, country)
}

_on_list(regime, class, country) if {
	country in regime.equivalence
	not _excluded(regime, class)
}

_excluded(regime, class) if class in regime.equivalence_excludes

_lapsed(regime, country) if regime.allow_until[country] < input.date

_kept_home(regime, class, country) if {
	some row in regime.localization
	class in row.classes
	not _inside(row, country)
}

_inside(row, country) if country in row.countries

_unlisted(regime, _) if count(regime.deny) == 0

_unlisted(regime, country) if {
	not _denied(regime, country)
	country != places.unknown
}

_denied(regime, country) if country in regime.deny

# --- by the tenant's records -------------------------------------------------------------------

_by_mechanism(id, class, country) if {
	not _home(id, country)
	_recognized(id, class, country)
}

_by_mechanism(id, class, country) if {
	not _permitted(id, class, country)
	_covered(id, class, country)
}

_covered(id, class, country) if {
	not _closed(id, country)
	some record in input.tenant.transfer_mechanisms
	mechanism := _record(id, class, country, record)
	mechanism.region == ""
	every name in supplements(id) { _supplemented(id, class, country, name) }
}

# what a record stands for, where it holds for this target, class and country, today
_record(id, class, country, record) := mechanism if {
	record.regime == id
	mechanism := data.sidecar.regimes[id].mechanisms[record.mechanism]
	_standing(mechanism)
	not mechanism.automatic
	_names_provider(record)
	country in places.covered(record.countries)
	not _lapsed_record(record, mechanism)
	_cures(mechanism, country)
	_extends(id, class, record.mechanism, mechanism)
	_for_this_purpose(mechanism)
}

# countries that no mechanism opens
_closed(id, country) if {
	regime := data.sidecar.regimes[id]
	regime.default in {"deny_unless", "conditional"}
	not _unlisted(regime, country)
}

_standing(mechanism) if {
	not mechanism.routine == false
	mechanism.since <= input.date
}

_names_provider(record) if "*" in record.providers

_names_provider(record) if input.target.provider in record.providers

# the day that a record names is its last
_lapsed_record(record, _) if {
	is_string(record.expires)
	record.expires < input.date
}

_lapsed_record(record, mechanism) if {
	mechanism.needs_expiry
	not _dated(record)
}

_dated(record) if is_string(record.expires)

_cures(mechanism, _) if mechanism.countries == "any"

_cures(mechanism, country) if country in mechanism.countries

# the class is within what the mechanism cures; content of no particular class always is
_extends(_, "", _, _)

_extends(id, class, name, mechanism) if {
	class != ""
	not _left_out(mechanism, class)
	every row in _tiers(id, class) { name in row.mechanisms }
	not _excepted(id, class, name)
}

_left_out(mechanism, class) if class in mechanism.not_classes

_excepted(id, class, name) if {
	row := never(id, class)
	not _admits(row, name)
}

_admits(row, name) if name in row.except

_for_this_purpose(mechanism) if count(mechanism.purposes) == 0

_for_this_purpose(mechanism) if input.request.attributes.purpose in mechanism.purposes

# METADATA
# description: Mechanisms that are needed besides another, in the tenant's own part of the country.
supplements(id) := {name |
	regime := data.sidecar.regimes[id]
	some name, mechanism in regime.mechanisms
	mechanism.region != ""
	sprintf("%s-%s", [regime.jurisdiction, mechanism.region]) in input.tenant.subdivisions
}

_supplemented(id, class, country, name) if {
	some record in input.tenant.transfer_mechanisms
	record.mechanism == name
	_record(id, class, country, record)
}

# --- thresholds ----------------------------------------------------------------------------------

_gates(id) := [row |
	some row in data.sidecar.regimes[id].thresholds
	count(row.mechanisms) == 0
]

_tiers(id, class) := [row |
	some row in data.sidecar.regimes[id].thresholds
	count(row.mechanisms) > 0
	class in row.classes
	_in_force(id, row)
]

_in_force(_, row) if not _floored(row)

_in_force(id, row) if _crossed(id, row)

_floored(row) if {
	some bound in ["from", "above"]
	is_number(row[bound])
}

_named(row, class) if tenant.known_as(class) in row.classes

# a threshold that no counter names is below
_crossed(id, row) if {
	is_number(row.from)
	input.counters[_counter(id, row)] in {"reached", "above"}
}

_crossed(id, row) if {
	is_number(row.above)
	input.counters[_counter(id, row)] == "above"
}

_counter(id, row) := sprintf("%s/%s", [id, row.id])
