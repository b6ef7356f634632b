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
ruled_by := sort({code | some [code, _, _] in _heard})

# all that the rules say of the requested target, and that they were asked
_heard := [[concat(".", [area, rule]), kind, said] |
	some kind in ["deny", "redact", "oblige", "notice"]
	some area, rule
	said := data.sidecar.rules[area][rule][kind]
]

# what bears on the action. Of a candidate no more is asked, until one is taken
_charges := [[code, kind, said] |
	some kind in ["deny", "redact"]
	some area, rule
	some said in data.sidecar.rules[area][rule][kind]
	code := concat(".", [area, rule])
	not _waivers[code]
]

_besides := [[concat(".", [area, rule]), kind, said] |
	some kind in ["oblige", "notice"]
	some area, rule
	some said in data.sidecar.rules[area][rule][kind]
]

_spoken := [[code, kind, said] |
	some [code, kind, all_said] in _heard
	some said in all_said
]

_of_the_requested(kinds) := [one | some one in _spoken; one[1] in kinds]

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
	_counts(code)
	[area, rule] := split(code, ".")
	some kind in ["deny", "redact"]
	some said in data.sidecar.rules[area][rule][kind]
	reason := _reason(code, kind, said, input.target.id)
]

# absent where no waiver counted. What it did for the requested target is told too where another one is taken
_passed := {"waived": _ordered({excuse | some excuse in excuses})} if {
	count(data.sidecar.config.waivers[input.tenant.id]) > 0
	excuses := array.concat(_excused, _excused_at(object.get(_verdict, "target", "")))
	count(excuses) > 0
} else := {}

_excused_at(id) := excused if {
	some candidate in input.candidates
	candidate.id == id
	excused := _excused with input as object.union(object.remove(input, ["candidates", "target"]), {"target": candidate})
} else := []

# --- one target, judged --------------------------------------------------------------------------

_view(charges, id, place) := {
	"place": place,
	"target": id,
	"charges": charges,
	"bars": _bars(charges),
}

_requested := _view(charges, input.target.id, -1) if {
	charges := [charge | some charge in _of_the_requested({"deny", "redact"}); not _waivers[charge[0]]]
}

# `with` a whole document: OPA copies what is only changed in part. Bound first, since under `with` it does not reorder
_candidates := [view |
	some place, candidate in input.candidates
	charges := _charges with input as object.union(object.remove(input, ["candidates", "target"]), {"target": candidate})
	view := _view(charges, candidate.id, place)
]

# what stands against the target, without the words: code and class. What should be taken out and cannot be does too
_bars(charges) := {[code, class] |
	some [code, kind, said] in charges
	_counts(code)
	class := _text(said, "class")
	_bars_the_way(kind, class)
}

_bars_the_way("deny", _)

_bars_the_way("redact", class) if not _curable(class)

_as_it_is(view) if count(view.bars) == 0

_redacted(view) if every bar in view.bars { _curable(bar[1]) }

_curable(class) if {
	class != ""
	not _fixed(class)
}

_fixed(class) if class in input.content.fixed

# --- what it amounts to ------------------------------------------------------------------------

_denies(view) := {object.union(reason, {"severity": "deny"}) |
	some [code, kind, said] in view.charges
	_counts(code)
	reason := _reason(code, kind, said, view.target)
	_bars_the_way(kind, reason.class)
}

_asks(view) := {{"reason": reason, "operator": _text(said, "operator")} |
	some [code, kind, said] in view.charges
	kind == "redact"
	_counts(code)
	reason := _reason(code, kind, said, view.target)
	_curable(reason.class)
}

_obligations(besides) := _ordered({duty |
	some [code, kind, said] in besides
	kind == "oblige"
	_counts(code)
	duty := {
		"code": code,
		"text": _text(said, "text"),
		"clause": _text(said, "clause"),
		"basis": _text(said, "basis"),
	}
})

_notices(besides, id) := _ordered({reason |
	some [code, kind, said] in besides
	kind == "notice"
	_counts(code)
	reason := _reason(code, kind, said, id)
})

_besides_of(view) := _of_the_requested({"oblige", "notice"}) if {
	view.place == -1
} else := besides if {
	candidate := input.candidates[view.place]
	besides := _besides with input as object.union(object.remove(input, ["candidates", "target"]), {"target": candidate})
}

# what a rule in shadow would have said of the requested target
_shadow contains reason if {
	count(_watched) > 0
	some [code, kind, said] in _of_the_requested({"deny", "redact", "notice"})
	_shadowed(code)
	_judges(code)
	reason := _reason(code, kind, said, input.target.id)
}

_counts(code) if {
	_judges(code)
	not _shadowed(code)
}

_judges(code) if input.direction in data.sidecar.bundle.directions[code]

_judges(code) if {
	not data.sidecar.bundle.directions[code]
	input.direction == "request"
}

_watched := {listed |
	some whose in [input.tenant.id, "*"]
	some listed in data.sidecar.config.shadow[whose]
}

_shadowed(code) if {
	some listed in _watched
	listed in {code, "*"}
	every boundary in data.sidecar.bundle.hard { boundary != code }
}

# what asks for redaction has its reason apart
_reason(code, kind, said, id) := {
	"code": code,
	"severity": kind,
	"class": _text(said, "class"),
	"target": id,
	"message": _text(why, "message"),
	"clause": _text(why, "clause"),
	"remedy": _text(why, "remedy"),
	"basis": _text(why, "basis"),
} if {
	why := _why(kind, said)
}

# what a rule left out, or said in another type, is empty; an empty class is one that nothing cures
_text(said, name) := said[name] if {
	is_string(said[name])
} else := ""

_why(kind, said) := said if {
	kind != "redact"
} else := said.reason if {
	said.reason
} else := {}

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
	"reasons": _ordered(_denies(_requested)),
	"rejected": _rejected(""),
	"obligations": [],
	"notices": _notices(_besides_of(_requested), input.target.id),
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
} else := sort({code | some [code, _] in view.bars})

_forward(view, action, rejected) := {
	"action": _action(view, action),
	"target": view.target,
	"redact": [{"class": class, "operator": _operator(view, class)} | some class in sort(_taken_out(view))],
	"reasons": _ordered(_denies(_requested) | _asked_of(view)),
	"rejected": rejected,
	"obligations": _obligations(besides),
	"notices": _notices(besides, view.target),
} if {
	besides := _besides_of(view)
}

_action(view, action) := "allow" if {
	action == "redact"
	count(_taken_out(view)) == 0
} else := action

_taken_out(view) := {reason.class | some reason in _taking_out(view)}

# no body changes without a code: what redaction cures at a candidate is a reason to redact
_asked_of(view) := {ask.reason | some ask in _asks(view)} if {
	view.target == input.target.id
} else := _taking_out(view)

_taking_out(view) := {ask.reason | some ask in _asks(view)} | {object.union(reason, {"severity": "redact"}) |
	some reason in _denies(view)
}

# --- the operator: the strongest of what law, rule and tenant ask -----------------------------------

_operator(view, class) := [name | some name in asked; _strength(name) == strongest][0] if {
	asked := array.concat(
		[_known(name) | some name in [input.tenant.operators[class]]],
		array.concat(
			sort([_known(ask.operator) | some ask in _asks(view); ask.reason.class == class]),
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
	some [_, class] in _bars(_charges_on_pseudonyms(view))
	class == "pseudonymized"
}

_charges_on_pseudonyms(view) := charges if {
	view.place == -1
	charges := _charges with input as object.union(
		object.remove(input, ["candidates"]),
		{"content": {"classes": ["pseudonymized"]}},
	)
} else := charges if {
	candidate := input.candidates[view.place]
	charges := _charges with input as object.union(
		object.remove(input, ["candidates", "target"]),
		{"target": candidate, "content": {"classes": ["pseudonymized"]}},
	)
}
