package sidecar.bundle

hard := []
