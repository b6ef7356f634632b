"""Segments to findings."""

import os

# Said before numpy is loaded: a worker has one core, and on matrices of our sizes OpenBLAS's threads wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
