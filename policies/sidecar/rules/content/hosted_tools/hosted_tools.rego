# METADATA
# title: Tools that the provider runs
# description: Web search, code interpreters and the like run at the provider, or carry text on from there. A notice.
# custom:
#   clause: A tool is a recipient too
#   source: the body's tools
#   remedy: Leave the tools out, or run them on the caller's side.
#   hard_boundary: false
#   directions: [request]
package sidecar.rules.content.hosted_tools

import data.sidecar.lib.words

notice contains {
	"message": sprintf("the provider runs tools for this request: %s", [words.line(input.request.hosted_tools)]),
	"clause": "A tool is a recipient too",
	"remedy": "Leave the tools out, or run them on the caller's side.",
	"basis": "content",
} if {
	count(input.request.hosted_tools) > 0
}
