"""Measures what the sidecar adds to a request, against stock Presidio on the same texts: ``python -m benchmarks``."""
