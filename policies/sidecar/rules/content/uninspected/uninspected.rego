# METADATA
# title: Parts that cannot be inspected
# description: >-
#   Images, audio, files and context stored at a provider are not looked at. They go to no outside target of a tenant with a regime
#   that protects data, or a strict one; otherwise they are a notice.
# custom:
#   clause: What was not looked at is not clean
#   source: house rule
#   remedy: Leave the parts out, send their text instead, or use a self-hosted target.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.content.uninspected

import data.sidecar.lib.target
import data.sidecar.lib.tenant
import data.sidecar.lib.words

deny contains _said if {
	count(input.content.uninspected) > 0
	_stands_against
}

notice contains _said if {
	count(input.content.uninspected) > 0
	not _stands_against
}

_stands_against if {
	not target.own
	tenant.guarded
}

_said := {
	"message": sprintf("the body holds parts that were not inspected: %s", [words.line({part.kind | some part in input.content.uninspected})]),
	"clause": "What was not looked at is not clean",
	"remedy": "Leave the parts out, send their text instead, or use a self-hosted target.",
	"basis": "content",
}
