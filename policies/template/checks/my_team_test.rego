package test.checks.my_team

import data.checks.my_team

_asked(custom) := {"inspect": {"annotations": [{"location": {"file": "sidecar/rules/a/b/b.rego"}, "annotations": {"scope": "package", "custom": custom}}]}}

test_success_owned if {
	my_team.faults == set() with input as _asked({"owner": "somebody"})
}

test_fail_nobody if {
	{"sidecar/rules/a/b/b.rego: METADATA of the package lacks custom.owner"} == my_team.faults with input as _asked({})
}
