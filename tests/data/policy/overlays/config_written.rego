package sidecar.config

waivers := {"acme": {"trial.purpose": [{"target": "*", "expires": "9999-12-31"}]}}
