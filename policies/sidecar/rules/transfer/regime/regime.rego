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
	not data.sidecar.regimes[id]
}

deny contains {
	"message": sprintf("%s closes %s to any content without a recorded mechanism", [
		regime.name,
		words.line(transfers.obstacles(id, "")),
	]),
	"clause": words.law(id),
	"remedy": _remedy(id, ""),
	"basis": id,
} if {
	target.outside
	some id in input.tenant.regimes
	regime := data.sidecar.regimes[id]
	regime.any_content
	not _open(id)
}

deny contains {
	"class": class,
	"message": sprintf("%s would reach %s, which %s does not permit", [
		words.class(class),
		words.line(transfers.obstacles(id, class)),
		data.sidecar.regimes[id].name,
	]),
	"clause": words.law(id),
	"remedy": sprintf("Redact it. %s", [_remedy(id, class)]),
	"basis": id,
} if {
	some id in input.tenant.regimes
	not transfers.incurable(id)
	some class in _stopped(id)
}

deny contains {
	"message": sprintf("%s would reach %s, which %s does not permit, redacted or not", [
		words.classes(classes),
		words.line(union({transfers.obstacles(id, class) | some class in classes})),
		data.sidecar.regimes[id].name,
	]),
	"clause": words.law(id),
	"remedy": _remedy(id, ""),
	"basis": id,
} if {
	some id in input.tenant.regimes
	transfers.incurable(id)
	classes := _stopped(id)
	count(classes) > 0
}

oblige contains {"text": duty.name, "clause": duty.clause, "basis": id} if {
	target.outside
	some id in input.tenant.regimes
	some duty in data.sidecar.regimes[id].also_needed
	_carried(id)
}

# classes of this content that the regime stops here, save those of which transfer.never speaks
_stopped(id) := {class |
	target.outside
	_open(id)
	some class in tenant.bearing(id)
	not transfers.never(id, class)
	transfers.bites(id, class)
	count(transfers.obstacles(id, class)) > 0
}

# it does not stand against every content, or a record covers that
_open(id) if not data.sidecar.regimes[id].any_content

_open(id) if count(transfers.obstacles(id, "")) == 0

_carried(id) if {
	some class in tenant.bearing(id)
	transfers.carried(id, class)
}

_carried(id) if {
	data.sidecar.regimes[id].any_content
	transfers.carried(id, "")
}

_remedy(id, class) := sprintf("Record one of %s for %s, or take another target.%s%s", [
	words.line({words.mechanism(id, name) | some name in transfers.recordable(id, class)}),
	input.target.provider,
	_besides(id),
	_hint(id),
]) if {
	count(transfers.recordable(id, class)) > 0
} else := "Take another target; no record opens this one."

_besides(id) := sprintf(" Besides it: %s.", [words.line({words.mechanism(id, name) | some name in transfers.supplements(id)})]) if {
	count(transfers.supplements(id)) > 0
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
