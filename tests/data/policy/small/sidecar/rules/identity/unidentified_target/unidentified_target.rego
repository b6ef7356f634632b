# METADATA
# title: Unidentified target
# description: A target that nobody knows.
# custom:
#   hard_boundary: true
package sidecar.rules.identity.unidentified_target

deny contains "Nobody knows this target." if not input.target.identified
