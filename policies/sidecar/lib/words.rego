# METADATA
# title: Words
# description: Names for people.
package sidecar.lib.words

# METADATA
# description: A list of words in one line, sorted.
line(names) := concat(", ", sort([name | some name in names]))

# METADATA
# description: A class, with what it means.
class(name) := sprintf("%s (%s)", [name, data.sidecar.classes[name]]) if {
	data.sidecar.classes[name]
} else := name

# METADATA
# description: Classes, with what they mean.
classes(names) := line([class(name) | some name in names])

# METADATA
# description: A mechanism of a regime, with what it means there.
mechanism(id, name) := sprintf("%s (%s)", [name, data.sidecar.regimes[id].mechanisms[name].name])
