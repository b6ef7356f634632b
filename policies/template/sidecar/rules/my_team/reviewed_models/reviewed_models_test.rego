package test.rules.my_team.reviewed_models

import data.sidecar.rules.my_team.reviewed_models as rule
import data.test.documents

test_success_tenant_not_listed if {
	rule.deny == set() with input as documents.plain
		with data.my_team.reviewed_models as {"somebody-else": []}
}

test_success_reviewed if {
	rule.deny == set() with input as documents.plain
		with data.my_team.reviewed_models as {"acme-eu": ["deepseek/v"]}
}

test_fail_not_reviewed if {
	{"deepseek/v was not reviewed for acme-eu"} == {said.message | some said in rule.deny} with input as documents.plain
		with data.my_team.reviewed_models as {"acme-eu": ["another/model"]}
}
