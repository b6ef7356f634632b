package sidecar.rules.trial

purpose.permitted if true
