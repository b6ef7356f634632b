# METADATA
# title: The tenant
# description: What binds the customer.
package sidecar.lib.tenant

# METADATA
# description: It must know what leaves - one of its regimes protects some class, or it is strict.
guarded if input.tenant.strict == true

guarded if {
	some id in input.tenant.regimes
	not _protects_nothing(id)
}

_protects_nothing(id) if count(data.sidecar.reach[id].keys) == 0

# METADATA
# description: The classes in this content that a regime of the tenant counts as its own, each with the key under which it is judged there.
bearing[id][class] := key if {
	some id in input.tenant.regimes
	some class in input.content.classes
	key := data.sidecar.reach[id].keys[class]
	not _released(id, class)
}

# a class that nobody knows is judged like one that has none
bearing[id][class] := key if {
	some id in input.tenant.regimes
	some class in input.content.classes
	not data.sidecar.classes[class]
	key := data.sidecar.reach[id].keys.unclassified
}

# the tenant has determined that the recipient cannot re-identify
_released(id, "pseudonymized") if id in input.tenant.pseudonymized_transfers
