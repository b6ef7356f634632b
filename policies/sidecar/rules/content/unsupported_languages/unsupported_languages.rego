# METADATA
# title: Languages without a model
# description: The text holds languages in which names and addresses in prose are not recognized. A notice.
# custom:
#   clause: What was not looked for was not found
#   source: the detector's languages
#   remedy: Load a model for the language, or use a self-hosted target.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.content.unsupported_languages

import data.sidecar.lib.words

notice contains {
	"message": sprintf("names in prose are not recognized in: %s", [words.line(input.content.unsupported_languages)]),
	"clause": "What was not looked for was not found",
	"remedy": "Load a model for the language, or use a self-hosted target.",
	"basis": "content",
} if {
	count(input.content.unsupported_languages) > 0
}
