"""Measures what the sidecar adds to a request, against stock Presidio on the same texts: ``python -m benchmarks``."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the workers; said before numpy is loaded
