# METADATA
# title: Data with fewer ways
# description: >-
#   For some classes a regime leaves only named mechanisms, or none, and no list of countries covers them. Speaks instead of
#   transfer.regime for such a class.
# custom:
#   clause: the regime's clause on that class
#   source: the catalog's never rows of each regime
#   remedy: Redact the class, record a mechanism that covers it, or use a self-hosted target.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.transfer.never

import data.sidecar.lib.tenant
import data.sidecar.lib.transfers
import data.sidecar.lib.words

deny contains object.union(_curable(id, class), {
	"message": sprintf("%s would reach %s, and %s", [
		words.class(class),
		words.line(transfers.obstacles(id, key)),
		_ways(id, row.except),
	]),
	"clause": row.clause,
	"remedy": _remedy(id, key),
	"basis": id,
}) if {
	some id, classes in transfers.stopped
	some class in classes
	key := tenant.bearing[id][class]
	row := data.sidecar.regimes[id].never[key]
}

_curable(id, class) := {} if {
	transfers.incurable(id)
} else := {"class": class}

_ways(id, names) := sprintf("%s leaves it no way", [data.sidecar.regimes[id].name]) if {
	count(names) == 0
} else := sprintf("%s leaves it only %s", [data.sidecar.regimes[id].name, words.line({words.mechanism(id, name) | some name in names})])

_remedy(id, key) := sprintf("Redact it, record one of %s, or use a self-hosted target.", [words.line(names)]) if {
	names := transfers.recordable(id, key)
	count(names) > 0
} else := "Redact it, or use a self-hosted target."
