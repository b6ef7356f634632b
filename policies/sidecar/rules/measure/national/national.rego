# METADATA
# title: National measures
# description: >-
#   Acts of a state about certain developers or providers. A ban in force binds the tenants of that state in the sectors it names;
#   everything else is a notice.
# custom:
#   clause: the measure itself
#   source: the catalog's national_measures
#   remedy: Take a model of another developer, or another provider, as the measure says.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.measure.national

deny contains object.union(_about(class), _said(id, measure)) if {
	some id, measure in _biting
	_banned(measure)
	some class in _touched(measure)
}

notice contains object.union(_about(class), _said(id, measure)) if {
	some id, measure in _biting
	not _banned(measure)
	some class in _touched(measure)
}

# data.sidecar.measures has those of the EU under each of its countries
_biting[id] := measure if {
	input.target.identified == true
	some id, measure in data.sidecar.measures[input.tenant.country]
	_bites(measure)
}

_biting[id] := measure if {
	input.target.identified == true
	some part in input.tenant.subdivisions
	some id, measure in data.sidecar.measures[part]
	_bites(measure)
}

_bites(measure) if {
	_binds(measure)
	_any_of(measure.developers, input.target.developers)
	_any_of(measure.providers, [input.target.provider])
}

_binds(measure) if {
	some sector in measure.sectors
	sector in {"any", input.tenant.sector}
}

# an empty list, or a star, is any
_any_of(wanted, _) if count(wanted) == 0

_any_of(wanted, _) if "*" in wanted

_any_of(wanted, found) if {
	some name in wanted
	name in found
}

_banned(measure) if {
	measure.force == "ban"
	measure.status == "in-force"
	measure.date <= input.date
}

# the classes of the content that it is limited to; one empty word where it is limited to none
_touched(measure) := [""] if {
	count(measure.classes) == 0
} else := [class | some class in measure.classes; class in input.content.classes]

_about(class) := {} if {
	class == ""
} else := {"class": class}

_said(id, measure) := {
	"message": sprintf("%s, %s: %s (%s, since %s)", [measure.jurisdiction, measure.scope, measure.effect, measure.status, measure.date]),
	"clause": measure.clause,
	"remedy": "Take a model of another developer, or another provider, as the measure says.",
	"basis": id,
}
