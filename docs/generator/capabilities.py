"""Writes ``policies/capabilities.json``: what OPA offers, without what a pure decision must not have.

Run it with the pinned ``opa``, after its version changed: ``python docs/generator/capabilities.py .venv/bin/opa``.
"""

import json
import subprocess
import sys
from pathlib import Path

# A policy may look at its input and its data, and at nothing else. Names that end in a dot are families.
WITHOUT = (
    "crypto.",  # keys and certificates are not facts
    "http.send",  # the network
    "io.jwt.",  # identity is the sidecar's work, and some read the clock
    "json.match_schema",  # reads files and addresses by `$ref`
    "json.verify_schema",
    "net.lookup_ip_addr",  # the network
    "opa.runtime",  # the host
    "providers.aws.",  # signs requests
    "rand.intn",  # randomness
    "rego.parse_module",  # policy is not input
    "time.now_ns",  # the clock; the day is a fact
    "uuid.",  # randomness
)


def narrowed(offered: dict[str, object]) -> str:
    """Return the capabilities without what is listed above, as the text of the file."""
    builtins = offered["builtins"]
    if not isinstance(builtins, list):
        message = "these are no capabilities"
        raise TypeError(message)
    kept = [builtin for builtin in builtins if not str(builtin["name"]).startswith(WITHOUT)]
    return json.dumps({**offered, "builtins": kept, "allow_net": []}, indent=1, sort_keys=True) + "\n"


def main(opa: str) -> None:
    """Ask ``opa`` and write the file."""
    answer = subprocess.run([opa, "capabilities", "--current"], check=True, capture_output=True)
    root = Path(__file__).resolve().parents[2]
    (root / "policies" / "capabilities.json").write_text(narrowed(json.loads(answer.stdout)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
