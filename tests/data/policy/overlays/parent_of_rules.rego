# a reference in the head of a rule reaches below its own package
package sidecar.rules

trial.purpose.permitted if true
