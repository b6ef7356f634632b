# METADATA
# title: House lint of my-team
# description: What this team asks of its rules besides what the shipped lint does; see checks/checks.rego there for the input.
package checks.my_team

# METADATA
# description: Everything that is wrong, one sentence each.
faults contains sprintf("%s: METADATA of the package lacks custom.owner", [note.location.file]) if {
	some note in input.inspect.annotations
	note.annotations.scope == "package"
	startswith(note.location.file, "sidecar/rules/")
	not _owned(note)
}

_owned(note) if is_string(note.annotations.custom.owner)
