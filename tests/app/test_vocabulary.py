"""The words that a tenants file may use."""

from pathlib import Path

from sidecar.app.sources import open_catalog, vocabulary
from sidecar.config import load_settings


def test_classes_of_the_operator_are_words_for_tenants(tmp_path: Path) -> None:
    """A class that the settings bring, for an entity or a deny list, may be named by a tenant; no other than those."""
    config = tmp_path / "settings.yaml"
    config.write_text(
        "detection:\n  classes: {BADGE: badges}\n"
        "  deny: {projects: {words: [Bluebird], class: trade_secret}, sites: [Area 9]}\n"
    )
    settings, plain = load_settings(config, {}), load_settings(None, {})
    catalog = open_catalog(settings)
    assert {"badges", "trade_secret"} == vocabulary(settings, catalog).classes - vocabulary(plain, catalog).classes
