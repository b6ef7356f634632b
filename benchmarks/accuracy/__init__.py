"""Measures what is found, missed and found too much, against stock Presidio: ``python -m benchmarks.accuracy``."""
