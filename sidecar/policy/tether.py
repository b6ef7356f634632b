"""Becomes another program that the kernel kills when the thread that started it ends.

``tether.py PARENT PROGRAM ARGUMENTS…``, run as a script by :mod:`sidecar.policy.opa_process` with a bare interpreter.
Asking the kernel from a function between fork and exec would run Python in a copy of a process with threads, where any
lock may be held for good; here there is but one thread.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; survives exec


def main(arguments: list[str]) -> None:
    """Tie this process to its parent and become the program."""
    parent, *command = arguments
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != int(parent):  # it died before the kernel knew
        sys.exit("the sidecar is gone")
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
