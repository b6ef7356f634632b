"""What licenses grant and ask, in the words that rules read."""

import pytest

from sidecar.catalog.shipped import ShippedCatalog
from sidecar.types.targets import LicenseTerms

REF = "LicenseRef-"
MAU, MONTH, YEAR = "monthly_active_users", "monthly_revenue_usd", "yearly_revenue_usd"
DISPLAY_ABOVE = [(MAU, 100_000_000, "above", "display"), (MONTH, 20_000_000, "above", "display")]
SCALES = {
    "Kimi-K2-Modified-MIT": DISPLAY_ABOVE,
    "Kimi-K3": DISPLAY_ABOVE,
    "Qwen3.8-Max": DISPLAY_ABOVE,
    "Qwen-Community-1.0": DISPLAY_ABOVE,
    "MiniMax-M2-Modified-MIT": [(MAU, 100_000_000, "above", "display"), (YEAR, 30_000_000, "above", "display")],
    "MiniMax-Community-2026": [(YEAR, 0, "from", "notice"), (YEAR, 20_000_000, "above", "deny")],
    "MiniMax-H3-Community": [(YEAR, 20_000_000, "above", "deny")],
    "Qwen-2024": [(MAU, 100_000_000, "above", "deny")],
    "Tongyi-Qianwen-2023": [(MAU, 100_000_000, "above", "deny")],
    "Tencent-Hunyuan-Community": [(MAU, 100_000_000, "above", "deny")],
    "Tencent-Hunyuan-Community-2024-11": [(MAU, 100_000_000, "above", "deny")],
    "Tencent-HY-Community-2025-12": [(MAU, 100_000_000, "above", "deny")],
    "Baichuan2-Community": [("daily_active_users", 1_000_000, "from", "deny")],
    "Llama-2": [(MAU, 700_000_000, "above", "deny")],
    "Llama-3": [(MAU, 700_000_000, "above", "deny")],
    "Llama-3.1": [(MAU, 700_000_000, "above", "deny")],
    "Llama-3.2": [(MAU, 700_000_000, "above", "deny")],
    "Llama-3.3": [(MAU, 700_000_000, "above", "deny")],
    "Llama-4": [(MAU, 700_000_000, "above", "deny")],
    "Databricks-Open": [(MAU, 700_000_000, "above", "deny")],
    "HyperCLOVAX-SEED": [(MAU, 10_000_000, "above", "deny")],
    "Kanana": [(MAU, 10_000_000, "above", "deny")],
    "Mistral-Modified-MIT": [(MONTH, 20_000_000, "above", "deny")],
    "PLaMo-Community": [(YEAR, 6_250_000, "above", "deny")],
    "Grok-2-Community": [(YEAR, 1_000_000, "from", "deny")],
    "Jamba-Open": [(YEAR, 50_000_000, "above", "deny")],
    "LFM-Open-1.0": [(YEAR, 10_000_000, "from", "deny")],
    "Stability-Community": [(YEAR, 1_000_000, "above", "deny")],
}
HOSTING = {  # floor, effect, internal use exempt, relay exempt
    "Kimi-K3": (20_000_000, "deny", True, True),
    "GLM-5.3": (10_000_000_000, "deny", False, True),
    "Qwen3.8-Max": (50_000_000, "deny", True, True),
    "Qwen-Community-1.0": (0, "deny", True, True),
    "MNPL-0.1": (0, "deny", False, False),
    "Mistral-Large-4": (0, "deny", False, False),
    "K-EXAONE": (0, "deny", True, False),
    "Kanana": (0, "deny", True, False),
}


def every(catalog: ShippedCatalog) -> list[LicenseTerms]:
    """Return the terms of every license."""
    found = [catalog.license_terms(license_id) for license_id in sorted(catalog.license_ids())]
    return [terms for terms in found if terms is not None]


def test_sizes(catalog: ShippedCatalog) -> None:
    """Exactly these set limits; one threshold removes rights where the same asks only for a name elsewhere."""
    found = {
        terms.id.removeprefix(REF): [(item.measure, item.limit, item.compare, item.effect) for item in terms.scale]
        for terms in every(catalog)
        if terms.scale
    }
    assert found == SCALES


def test_hosting(catalog: ShippedCatalog) -> None:
    """Exactly these ask something of whoever offers the model; an exemption that no text states is none."""
    found = {
        terms.id.removeprefix(REF): (
            terms.hosting.floor_usd_year,
            terms.hosting.effect,
            terms.hosting.internal_use_exempt,
            terms.hosting.relay_exempt,
        )
        for terms in every(catalog)
        if terms.hosting
    }
    assert found == HOSTING


def test_duties_of_permissive_licenses_come_with_the_weights_or_a_size(catalog: ShippedCatalog) -> None:
    """At a host they owe nothing, but for the one text that always wants its name shown."""
    always = {
        terms.id
        for terms in every(catalog)
        if terms.license_class == "permissive" and any(duty.when == "always" for duty in terms.duties)
    }
    assert {"LicenseRef-MiniMax-M2.1-Modified-MIT"} == always


@pytest.mark.parametrize(
    ("license_id", "kind", "when", "text"),
    [
        ("Llama-3.3", "display", "always", '"Built with Llama"'),
        ("Llama-3", "display", "always", '"Built with Meta Llama 3"'),
        ("Llama-2", "notice", "self_hosted", "Notice file"),
        ("Kimi-K3", "display", "scale", 'show "Kimi K3"'),
        ("MiniMax-M2-Modified-MIT", "display", "scale", 'show "MiniMax M2" in the user interface'),
        ("ChatGLM-4", "registration", "always", "free registration form needed for commercial use"),
        ("HyperCLOVAX-SEED", "display", "always", '"Powered by HyperCLOVA X"'),
        ("LFM-Open-1.0", "pass_through", "self_hosted", "license copy to recipients"),
    ],
)  # fmt: skip
def test_duties(catalog: ShippedCatalog, license_id: str, kind: str, when: str, text: str) -> None:
    """Some that are easily mistaken for each other."""
    terms = catalog.license_terms(REF + license_id)

    assert terms is not None
    assert (kind, when, text) in {(duty.kind, duty.when, duty.text) for duty in terms.duties}


def test_territories(catalog: ShippedCatalog) -> None:
    """Who is excluded from what, and by which test; the European Union is written out."""
    found = {
        terms.id.removeprefix(REF): (len(terms.territory.excluded), terms.territory.tested_against)
        for terms in every(catalog)
        if terms.territory
    }
    places = ("use_location", "output_location")
    assert found == {
        "Llama-3.2": (27, ("licensee_establishment",)),
        "Llama-3.3": (27, ("licensee_establishment",)),
        "Llama-4": (27, ("licensee_establishment",)),
        "MiniMax-H3-Community": (30, ("use_location",)),
        "Tencent-Hunyuan-Community": (29, places),
        "Tencent-Hunyuan-Community-2024-11": (27, ("licensee_establishment", *places)),
        "Tencent-HY-Community-2025-12": (29, ("licensee_establishment", *places)),
    }


def test_every_clause_and_text_is_stated(catalog: ShippedCatalog) -> None:
    """A reason without a clause could not be checked by anybody."""
    for terms in every(catalog):
        stated = [(part.text, part.clause) for part in terms.scale]
        stated += [(part.text, part.clause) for part in terms.duties]
        stated += [(part.text, part.clause) for part in terms.fields_of_use]
        stated += [(terms.hosting.text, terms.hosting.clause)] if terms.hosting else []
        assert all(text and clause for text, clause in stated), terms.id


def test_output_training(catalog: ShippedCatalog) -> None:
    """What is not free and not unknown is owed as a duty."""
    for terms in every(catalog):
        owed = any(duty.kind == "output_training" for duty in terms.duties)
        assert owed == (terms.output_training not in {"none", "unknown"}), terms.id


def test_recalled_terms_are_named_by_their_words(catalog: ShippedCatalog) -> None:
    """A strict tenant reads these as unknown."""
    found = {terms.id.removeprefix(REF): terms.unverified for terms in every(catalog) if terms.unverified}

    assert ("scale",) == found["Jamba-Open"]
    assert ("duties", "scale") == found["Grok-2-Community"]
    assert ("hosting", "scale", "territory") == found["Muse-Spark-Open"]
    assert ("commercial_use", "duties") == found["YandexGPT-Lite"]
