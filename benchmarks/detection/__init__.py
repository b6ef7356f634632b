"""Measures detection alone against stock Presidio: ``python -m benchmarks.detection``."""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is imported: the floor is one thread's
