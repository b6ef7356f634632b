# METADATA
# title: Credentials
# description: Passwords, keys and tokens are taken out on the way to every outside target.
# custom:
#   clause: A secret that is sent is a secret no more
#   source: house rule
#   remedy: Leave secrets out of prompts, or use a self-hosted target.
#   hard_boundary: false
#   waivable: false
#   directions: [request]
package sidecar.rules.content.credential

import data.sidecar.lib.target

redact contains {
	"class": "credential",
	"operator": "remove",
	"reason": {
		"message": sprintf("a credential would reach %s", [input.target.provider]),
		"clause": "A secret that is sent is a secret no more",
		"remedy": "Leave secrets out of prompts, or use a self-hosted target.",
		"basis": "content",
	},
} if {
	target.outside
	"credential" in input.content.classes
}
