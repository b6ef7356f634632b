# METADATA
# title: The decision
# description: Asks every rule about the target, and about the candidates where the target is not permitted as it is.
package sidecar.main

# METADATA
# description: The one document that the sidecar asks for. Undefined while no rule is loaded.
# entrypoint: true
decision := object.union(object.union(_verdict, _passed), {
	"shadow": _ordered(_shadow),
	"ruled_by": ruled_by,
	"revision": data.sidecar.bundle.revision,
}) if {
	count(ruled_by) > 0
}

# METADATA
# description: Every rule that is loaded, by its path.
ruled_by := sort({code |
	some kind in _kinds
	some area, rule
	data.sidecar.rules[area][rule][kind]
	code := concat(".", [area, rule])
})

_kinds := ["deny", "redact", "oblige", "notice"]

# what the rules say of input.target, as far as it decides. Candidates are asked no more than that, until one is taken
_charges := [[area, rule, kind, said] |
	some kind in ["deny", "redact"]
	some area, rule
	some said in data.sidecar.rules[area][rule][kind]
	not _waivers[_code(area, rule)]
]

_owed := [[area, rule, said] |
	some area, rule
	some said in data.sidecar.rules[area][rule].oblige
]

_noted := [[area, rule, said] |
	some area, rule
	some said in data.sidecar.rules[area][rule].notice
]

# --- waivers -------------------------------------------------------------------------------------

# what the operator lets this tenant do at input.target, today, whatever the rule says; by code
_waivers[code] := waiver if {
	some code, waivers in data.sidecar.config.waivers[input.tenant.id]
	every boundary in data.sidecar.bundle.unwaivable { boundary != code }
	waiver := [waiver | some waiver in waivers; _holds(waiver)][0]
}

_holds(waiver) if {
	_covers(waiver.target)
	input.date <= waiver.expires
}

_covers("*")

_covers(id) if id == input.target.id

# a waiver that names no region is for all of them
_covers(id) if id == sprintf("%s@%s", [input.target.model, input.target.provider])

# what would have been said, with who let it pass and until when
_excused := [object.union(object.remove(reason, ["message", "remedy"]), object.remove(waiver, ["target"])) |
	some code, waiver in _waivers
	[area, rule] := split(code, ".")
	_counts(area, rule)
	some reason in _said(area, rule)
]

_said(area, rule) := {_reason(area, rule, said, "deny", input.target.id) | some said in data.sidecar.rules[area][rule].deny} | {_asking(area, rule, said, input.target.id) | some said in data.sidecar.rules[area][rule].redact}

# absent where no waiver counted. What it did for the requested target is told too where another one is taken
_passed := {"waived": _ordered({excuse | some excuse in excuses})} if {
	count(data.sidecar.config.waivers[input.tenant.id]) > 0
	excuses := array.concat(_excused, _excused_at(object.get(_verdict, "target", "")))
	count(excuses) > 0
} else := {}

_excused_at(id) := excused if {
	some candidate in input.candidates
	candidate.id == id
	excused := _excused with input.target as candidate
} else := []

# --- what it amounts to ------------------------------------------------------------------------

_denies(charges, id) := {reason |
	some [area, rule, kind, said] in charges
	kind == "deny"
	_counts(area, rule)
	reason := _reason(area, rule, said, "deny", id)
} | {object.union(reason, {"severity": "deny"}) |
	# what should be taken out and cannot be stands against the target
	some ask in _asked(charges, id)
	reason := ask.reason
	not _curable(reason)
}

_asks(charges, id) := {ask |
	some ask in _asked(charges, id)
	_curable(ask.reason)
}

_asked(charges, id) := {{"reason": reason, "operator": _text(said, "operator")} |
	some [area, rule, kind, said] in charges
	kind == "redact"
	_counts(area, rule)
	reason := _asking(area, rule, said, id)
}

_obligations(owed) := _ordered({duty |
	some [area, rule, said] in owed
	_counts(area, rule)
	duty := {
		"code": _code(area, rule),
		"text": _text(said, "text"),
		"clause": _text(said, "clause"),
		"basis": _text(said, "basis"),
	}
})

_notices(noted, id) := _ordered({reason |
	some [area, rule, said] in noted
	_counts(area, rule)
	reason := _reason(area, rule, said, "notice", id)
})

# what a rule in shadow would have said of the requested target
_shadow contains reason if {
	count(_watched) > 0
	some kind in ["deny", "notice"]
	some area, rule
	some said in data.sidecar.rules[area][rule][kind]
	_shadowed(_code(area, rule))
	_judges(area, rule)
	reason := _reason(area, rule, said, kind, input.target.id)
}

_shadow contains reason if {
	count(_watched) > 0
	some area, rule
	some said in data.sidecar.rules[area][rule].redact
	_shadowed(_code(area, rule))
	_judges(area, rule)
	reason := _asking(area, rule, said, input.target.id)
}

_counts(area, rule) if {
	_judges(area, rule)
	not _shadowed(_code(area, rule))
}

_judges(area, rule) if input.direction in _directions(_code(area, rule))

_directions(code) := object.get(data.sidecar.bundle.directions, code, ["request"])

_watched := {listed |
	some whose in [input.tenant.id, "*"]
	some listed in data.sidecar.config.shadow[whose]
}

_shadowed(code) if {
	some listed in {code, "*"}
	listed in _watched
	every boundary in data.sidecar.bundle.hard { boundary != code }
}

_reason(area, rule, said, severity, id) := {
	"code": _code(area, rule),
	"severity": severity,
	"class": _text(said, "class"),
	"target": id,
	"message": _text(said, "message"),
	"clause": _text(said, "clause"),
	"remedy": _text(said, "remedy"),
	"basis": _text(said, "basis"),
}

_asking(area, rule, said, id) := object.union(
	_reason(area, rule, _why(said), "redact", id),
	{"class": _text(said, "class")},
)

# what a rule left out, or said in another type, is empty; an empty class is one that nothing cures
_text(said, name) := said[name] if {
	is_string(said[name])
} else := ""

_why(ask) := ask.reason if {
	ask.reason
} else := {}

_code(area, rule) := concat(".", [area, rule])

_curable(reason) if {
	reason.class != ""
	not _fixed(reason)
}

_fixed(reason) if reason.class in input.content.fixed

# --- one target, judged --------------------------------------------------------------------------

_view(charges, id, place) := {
	"place": place,
	"target": id,
	"denies": _denies(charges, id),
	"asks": _asks(charges, id),
}

_requested := _view(_charges, input.target.id, -1)

# bound first: with `with`, the compiler does not reorder
_candidates := [view |
	some place, candidate in input.candidates
	charges := _charges with input.target as candidate
	view := _view(charges, candidate.id, place)
]

_obligations_of(view) := _obligations(_owed) if {
	view.place == -1
} else := _obligations(owed) if {
	owed := _owed with input.target as input.candidates[view.place]
}

_notices_of(view) := _notices(_noted, view.target) if {
	view.place == -1
} else := _notices(noted, view.target) if {
	noted := _noted with input.target as input.candidates[view.place]
}

_as_it_is(view) if count(view.denies) == 0

_redacted(view) if every reason in view.denies { _curable(reason) }

# by code, so that a reader finds what belongs together
_ordered(parts) := [part | some [_, part] in sort([[part.code, part] | some part in parts])]

# --- the action ----------------------------------------------------------------------------------

_verdict := _forward(_requested, "redact", []) if {
	_as_it_is(_requested)
} else := _forward(_requested, "redact", []) if {
	_options[0] == "redact"
	_redacted(_requested)
} else := _forward(_best, "reroute", _rejected(_best.target)) if {
	_best
} else := _forward(_requested, "redact", _rejected("")) if {
	"redact" in _options
	_redacted(_requested)
} else := _forward(_best_redacted, "reroute", _rejected(_best_redacted.target)) if {
	_best_redacted
} else := {
	"action": "block",
	"redact": [],
	"reasons": _ordered(_requested.denies),
	"rejected": _rejected(""),
	"obligations": [],
	"notices": _notices_of(_requested),
}

# what stands after `block` never happens, what is left out is refused
_options := [word |
	some index, word in input.tenant.prefer
	not _barred(index)
]

_barred(index) if "block" in array.slice(input.tenant.prefer, 0, index + 1)

_best := [view | some view in _rerouted; _as_it_is(view)][0]

_best_redacted := [view | some view in _rerouted; _redacted(view)][0] if "redact" in _options

_rerouted := _candidates if {
	"reroute" in _options
} else := []

_rejected(taken) := [{"target": view.target, "codes": _codes(view)} |
	some [_, view] in sort([[view.target, view] | some view in _rerouted])
	view.target != taken
]

_codes(view) := ["ranked"] if {
	_as_it_is(view)
} else := sort({reason.code | some reason in view.denies})

_forward(view, action, rejected) := {
	"action": _action(view, action),
	"target": view.target,
	"redact": [{"class": class, "operator": _operator(view, class)} | some class in sort(_taken_out(view))],
	"reasons": _ordered(_requested.denies | _asked_of(view)),
	"rejected": rejected,
	"obligations": _obligations_of(view),
	"notices": _notices_of(view),
}

_action(view, action) := "allow" if {
	action == "redact"
	count(_taken_out(view)) == 0
} else := action

_taken_out(view) := {reason.class | some reason in _taking_out(view)}

# no body changes without a code: what redaction cures at a candidate is a reason to redact
_asked_of(view) := {ask.reason | some ask in view.asks} if {
	view.target == input.target.id
} else := _taking_out(view)

_taking_out(view) := {ask.reason | some ask in view.asks} | {object.union(reason, {"severity": "redact"}) | some reason in view.denies}

# --- the operator: the strongest of what law, rule and tenant ask -----------------------------------

_operator(view, class) := [name | some name in asked; _strength(name) == strongest][0] if {
	asked := array.concat(
		[_known(name) | some name in [input.tenant.operators[class]]],
		array.concat(
			sort([_known(ask.operator) | some ask in view.asks; ask.reason.class == class]),
			[_law(view, class)],
		),
	)
	strongest := max([_strength(name) | some name in asked])
}

_strength(name) := data.sidecar.operators[name]

_known(name) := name if {
	_strength(name)
} else := "remove"

# a regime that counts pseudonymized data as its own leaves nothing that can be linked
_law(view, class) := "remove" if {
	some reason in _taking_out(view)
	reason.class == class
	"pseudonymized" in data.sidecar.regimes[reason.basis].entity_classes
	not _determined(reason)
} else := "remove" if {
	_stops_pseudonyms(view)
} else := "pseudonym"

_determined(reason) if reason.basis in input.tenant.pseudonymized_transfers

# another regime of the tenant would stop what can be linked on its second look
_stops_pseudonyms(view) if {
	some reason in _denies(_charges_on_pseudonyms(view), view.target)
	reason.class == "pseudonymized"
}

_charges_on_pseudonyms(view) := charges if {
	view.place == -1
	charges := _charges with input.content.classes as ["pseudonymized"]
} else := charges if {
	candidate := input.candidates[view.place]
	charges := _charges with input.target as candidate with input.content.classes as ["pseudonymized"]
}
