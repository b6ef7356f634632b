"""Makes installed packages that bring recognizers, for tests: a module and a ``.dist-info`` in a folder on the path."""

from pathlib import Path

from sidecar.detection.plugins import GROUP

_METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"

FLEET = """
from pathlib import Path
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

CALLS = Path(__file__).with_name("calls")

class Fleet(EntityRecognizer):
    def __init__(self):
        super().__init__(supported_entities=["FLEET_ID"], name="Fleet")

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts):
        with CALLS.open("a") as calls:
            calls.write("x")
        if "stumble" in text:
            raise RuntimeError("about " + text)
        if "stray" in text:
            return [RecognizerResult("FLEET_ID", 0, len(text) + 5, 0.9)]
        start = text.find("truck 9")
        return [RecognizerResult("FLEET_ID", start, start + 7, 0.9)] if start >= 0 else None

def plates():
    return [PatternRecognizer("PLATE", name="Plates", patterns=[Pattern("p", "XX-[0-9]{3}", 0.8)])]

def broken():
    raise KeyError("a secret of the package")

def nothing():
    return "a recognizer"

class Fragile(Fleet):
    def analyze(self, text, entities, nlp_artifacts):
        raise ValueError(text)
"""


def install(folder: Path, entries: dict[str, str], *, version: str = "1.0") -> None:
    """Put a package into a folder; ``entries`` are names of entry points and what they name in the module."""
    (folder / "fleet_recognizers.py").write_text(FLEET)
    info = folder / f"fleet_recognizers-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(_METADATA.format(name="fleet-recognizers", version=version))
    lines = [f"{name} = fleet_recognizers:{target}" for name, target in entries.items()]
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))


def calls(folder: Path) -> int:
    """Return how often the package's recognizer was asked."""
    path = folder / "calls"
    return len(path.read_text()) if path.exists() else 0
