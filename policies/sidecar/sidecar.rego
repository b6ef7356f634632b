# METADATA
# title: The policy of the sidecar
# description: >-
#   main asks the rules, each a folder whose path is its code; lib holds what they share. All of them see one input document.
# scope: subpackages
# schemas:
#   - input: schema.facts
package sidecar
