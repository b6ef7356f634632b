# METADATA
# title: Transfers under a regime
# description: >-
#   Data that a regime of the tenant protects go to a target only where its places of processing and the jurisdiction of its parent
#   are both permitted, or covered by a mechanism that the tenant has recorded. A self-hosted target is no transfer.
# custom:
#   clause: the clauses of the regime
#   source: the catalog's regimes
#   remedy: Redact the class, record a mechanism, or take a target in a permitted place.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.transfer.regime

import data.sidecar.lib.target
import data.sidecar.lib.tenant
import data.sidecar.lib.transfers
import data.sidecar.lib.words

deny contains {
	"message": sprintf("the tenant is bound by %s, which the catalog does not know", [id]),
	"clause": "Unknown is never yes",
	"remedy": "Correct the tenant's regimes, or add this one to the overlay of the catalog.",
	"basis": id,
} if {
	target.outside
	some id in input.tenant.regimes
	not data.sidecar.regimes[id].name
}

deny contains {
	"message": sprintf("%s closes %s to any content without a recorded mechanism", [
		data.sidecar.regimes[id].name,
		words.line(transfers.obstacles(id, "")),
	]),
	"clause": data.sidecar.reach[id].law,
	"remedy": _remedy(id, ""),
	"basis": id,
} if {
	some id in _closed
}

deny contains {
	"class": class,
	"message": sprintf("%s would reach %s, which %s does not permit", [
		words.class(class),
		words.line(transfers.obstacles(id, key)),
		data.sidecar.regimes[id].name,
	]),
	"clause": data.sidecar.reach[id].law,
	"remedy": sprintf("Redact it. %s", [_remedy(id, key)]),
	"basis": id,
} if {
	some id, keys in _stopped
	not transfers.incurable(id)
	some class, key in keys
}

deny contains {
	"message": sprintf("%s would reach %s, which %s does not permit, redacted or not", [
		words.classes(object.keys(keys)),
		words.line(union({transfers.obstacles(id, key) | some key in keys})),
		data.sidecar.regimes[id].name,
	]),
	"clause": data.sidecar.reach[id].law,
	"remedy": _remedy(id, ""),
	"basis": id,
} if {
	some id, keys in _stopped
	transfers.incurable(id)
}

oblige contains {"text": duty.name, "clause": duty.clause, "basis": id} if {
	target.outside
	some id in input.tenant.regimes
	some duty in data.sidecar.regimes[id].also_needed
	_carried(id)
}

# classes of this content that a regime stops here, save those of which transfer.never speaks
_stopped[id][class] := key if {
	some id, classes in transfers.stopped
	not id in _closed
	some class in classes
	key := tenant.bearing[id][class]
	not data.sidecar.regimes[id].never[key]
}

# regimes that stand against every content, with no record that covers that
_closed contains id if {
	target.outside
	some id in input.tenant.regimes
	data.sidecar.regimes[id].any_content == true
	count(transfers.obstacles(id, "")) > 0
}

_carried(id) if {
	some key in tenant.bearing[id]
	transfers.carried(id, key)
}

_carried(id) if {
	data.sidecar.regimes[id].any_content == true
	transfers.carried(id, "")
}

_remedy(id, key) := sprintf("Record one of %s for %s, or take another target.%s%s", [
	words.line(ways),
	input.target.provider,
	_besides(id),
	_hint(id),
]) if {
	ways := transfers.recordable(id, key)
	count(ways) > 0
} else := "Take another target; no record opens this one."

_besides(id) := sprintf(" Besides it: %s.", [words.line({words.mechanism(id, name) | some name in names})]) if {
	names := transfers.supplements(id)
	count(names) > 0
} else := ""

# what the catalog believes is a hint, never a permission
_hint(id) := concat("", [note |
	some country, way in data.sidecar.regimes[id].conditional
	country in target.all_places
	note := sprintf(" For %s, %s: %s%s.", [country, words.mechanism(id, way.mechanism), way.note, _believed(way.mechanism)])
])

_believed("dpf") := sprintf("; the catalog believes: %s", [input.target.serving.dpf_certified]) if {
	input.target.serving.dpf_certified != ""
} else := ""

_believed(mechanism) := "" if mechanism != "dpf"
