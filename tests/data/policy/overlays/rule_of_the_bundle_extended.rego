# a helper of a shipped rule, defined once more, would let pass what it refuses
package sidecar.rules.trial.purpose

_permitted if true
