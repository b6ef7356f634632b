# METADATA
# title: The decision, small
# description: Just enough of main for the engine's own tests.
package sidecar.main

# METADATA
# description: Permits or blocks, by the rules that deny.
# entrypoint: true
decision := object.union(_verdict, {
	"redact": [],
	"reasons": _reasons,
	"rejected": [],
	"obligations": [],
	"notices": [],
	"shadow": [],
	"ruled_by": ruled_by,
	"revision": data.sidecar.bundle.revision,
}) if {
	count(ruled_by) > 0
	not input.request.attributes.purpose == "undefined"
}

# METADATA
# description: Every rule that is loaded.
ruled_by := sort([concat(".", [area, rule]) | some area, rule; data.sidecar.rules[area][rule]])

_verdict := {"action": "allow", "target": input.target.id} if {
	count(_reasons) == 0
} else := {"action": "block"}

_reasons := sort([reason |
	some area, rule
	some message in data.sidecar.rules[area][rule].deny
	reason := {
		"code": concat(".", [area, rule]),
		"severity": "deny",
		"class": "",
		"target": input.target.id,
		"message": message,
		"clause": "",
		"remedy": "",
		"basis": "",
	}
])
