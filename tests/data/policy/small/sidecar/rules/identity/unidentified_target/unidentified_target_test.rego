package sidecar.rules.identity.unidentified_target_test

import data.sidecar.rules.identity.unidentified_target

test_unknown_is_denied if {
	unidentified_target.deny == {"Nobody knows this target."} with input as {"target": {"identified": false}}
}

test_known_is_not_denied if {
	unidentified_target.deny == set() with input as {"target": {"identified": true}}
}
