"""Segments to findings."""

import os

# Said before numpy is loaded: a worker has one core, and on matrices this small the threads of OpenBLAS only wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
