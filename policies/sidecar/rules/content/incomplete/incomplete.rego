# METADATA
# title: Incomplete inspection
# description: >-
#   Some text was not looked at. It goes to no outside target of a tenant with a regime that protects data, or a strict one;
#   otherwise that is a notice.
# custom:
#   clause: What was not looked at is not clean
#   source: house rule
#   remedy: Send less text at once, or use a self-hosted target.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.content.incomplete

import data.sidecar.lib.target
import data.sidecar.lib.tenant

deny contains _said if {
	not input.content.complete == true
	_stands_against
}

notice contains _said if {
	not input.content.complete == true
	not _stands_against
}

_stands_against if {
	not target.own
	tenant.guarded
}

_said := {
	"message": "some text of the body was not inspected",
	"clause": "What was not looked at is not clean",
	"remedy": "Send less text at once, or use a self-hosted target.",
	"basis": "content",
}
