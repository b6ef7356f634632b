package sidecar.rules.team.first.second

deny contains "no" if true
