package sidecar

main._shadowed(_) if true
