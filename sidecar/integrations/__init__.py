"""Clients of the sidecar for other programs."""
