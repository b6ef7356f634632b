"""Regions: a provider's own names pin, codes pin where they are known, all else pins nothing."""

import pytest

from sidecar.catalog.shipped import ShippedCatalog


def where(catalog: ShippedCatalog, target: str) -> tuple[str, tuple[str, ...], bool]:
    """Return the pinned region, the places that may process, and whether the region was ignored."""
    card = catalog.card(catalog.parse(target))
    return card.region, card.serving.regions, card.region_ignored


@pytest.mark.parametrize(
    ("target", "region", "places", "ignored"),
    [
        ("deepseek-v3.2@nebius", "", ("EU", "US", "IL"), False),
        ("deepseek-v3.2@nebius@eu-north1", "eu-north1", ("FI",), False),
        ("deepseek-v3.2@nebius@EU-North1", "eu-north1", ("FI",), False),
        ("deepseek-v3.2@nebius@EU", "EU", ("EU",), False),
        ("deepseek-v3.2@nebius@US", "US", ("US",), False),
        ("deepseek-v3.2@nebius@us", "", ("EU", "US", "IL"), True),
        ("deepseek-v3.2@nebius@FI", "", ("EU", "US", "IL"), True),
        ("deepseek-v3.2@nebius@mars", "", ("EU", "US", "IL"), True),
        ("qwen3-32b@alibaba-eu@eu-central-1", "eu-central-1", ("DE", "EU", "CN", "ZZ"), False),
        ("qwen3-32b@alibaba-eu@eu-central-1/european-union", "eu-central-1/european-union", ("EU",), False),
        ("gpt-5@openai@eu", "eu", ("EU", "CH"), False),
        ("claude-opus-5.5@anthropic@global", "global", ("ZZ",), False),
        ("claude-opus-5.5@anthropic@ZZ", "", ("US", "ZZ"), True),
        ("global.anthropic.claude-fable-5@bedrock", "global.", ("ZZ",), False),
        ("global.anthropic.claude-fable-5@bedrock@us-east-1", "global.", ("ZZ",), False),
        ("us.anthropic.claude-fable-5@bedrock@us-east-1", "us.", ("US",), False),
        ("bedrock/eu-central-1/qwen.qwen3-coder-next@bedrock", "eu-central-1", ("DE",), False),
        ("bedrock/eu-central-1/qwen.qwen3-coder-next@bedrock@eu-central-1", "eu-central-1", ("DE",), False),
        ("azure/global/gpt-4o-2024-11-20@azure@westeurope", "global", ("ZZ",), False),
        ("azure/global-standard/gpt-4o-2024-11-20@azure@westeurope", "global-standard", ("ZZ",), False),
        ("qwen3-32b@self-hosted", "", ("TENANT",), False),
        ("qwen3-32b@self-hosted@DE", "", ("TENANT",), True),
        ("qwen3-32b@self-hosted@TENANT", "", ("TENANT",), True),
    ],
)
def test_regions(catalog: ShippedCatalog, target: str, region: str, places: tuple[str, ...], *, ignored: bool) -> None:
    """An unknown region is never narrower than no region."""
    assert (region, places, ignored) == where(catalog, target)


def test_contradicting_regions_pin_nothing(catalog: ShippedCatalog) -> None:
    """A region inside the model's name and another beside it: every region of the provider counts."""
    bedrock = catalog.provider("aws-bedrock")

    assert bedrock is not None
    assert ("", bedrock.processing_regions, True) == where(
        catalog, "bedrock/eu-central-1/qwen.qwen3-coder-next@bedrock@us-east-1"
    )


def test_every_own_name_pins(catalog: ShippedCatalog) -> None:
    """Each name of each provider's table is taken as it stands there."""
    for provider in catalog.providers():
        for name in provider.regions:
            card = catalog.card(catalog.parse(f"deepseek/deepseek-v3.2@{provider.id}@{name}"))
            assert (name, provider.region(name), False) == (card.region, card.serving.regions, card.region_ignored)


def test_a_pinned_region_is_part_of_the_id(catalog: ShippedCatalog) -> None:
    """An ignored one is not."""
    assert (
        "moonshotai/kimi-k3@aws-bedrock@eu-central-1" == catalog.card(catalog.parse("kimi-k3@bedrock@eu-central-1")).id
    )
    assert "moonshotai/kimi-k3@aws-bedrock" == catalog.card(catalog.parse("kimi-k3@bedrock@mars")).id
