# METADATA
# title: The tenant
# description: What binds the customer.
package sidecar.lib.tenant

# METADATA
# description: It must know what leaves - one of its regimes protects some class, or it is strict.
guarded if input.tenant.strict

guarded if {
	some id in input.tenant.regimes
	not _protects_nothing(id)
}

_protects_nothing(id) if count(data.sidecar.regimes[id].entity_classes) == 0

# METADATA
# description: The classes in this content that a regime counts as its own.
bearing(id) := {class |
	some class in input.content.classes
	_counts(id, class)
}

# METADATA
# description: The name under which a regime knows a class; what has no class, or one that nobody knows, is treated as contact.
known_as(class) := "contact" if _unclassified(class)

else := class

_unclassified("unclassified")

_unclassified(class) if {
	class != ""
	not _known(class)
}

_known(class) if data.sidecar.classes[class]

_counts(id, class) if {
	known_as(class) in data.sidecar.regimes[id].entity_classes
	not _released(id, class)
}

# the tenant has determined that the recipient cannot re-identify
_released(id, "pseudonymized") if id in input.tenant.pseudonymized_transfers
