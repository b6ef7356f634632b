"""Names: anybody's alias finds its model, a part of a name finds nothing, and text round-trips."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.catalog.shipped import ShippedCatalog
from sidecar.types.targets import SELF_HOSTED, TargetName


def test_every_alias_means_a_model_that_has_it_or_several(catalog: ShippedCatalog) -> None:
    """An alias never means a model that does not list it, unless it is that model's own id."""
    owners: dict[str, set[str]] = {}
    for row in catalog.models():
        for alias in row.aliases.all():
            owners.setdefault(alias, set()).add(row.id)
    for alias, models in owners.items():
        expected = alias if catalog.model(alias) else next(iter(models)) if len(models) == 1 else None
        assert expected == catalog.model_id(alias), alias


def test_every_provider_alias_means_a_provider_that_has_it_or_several(catalog: ShippedCatalog) -> None:
    """The planes of one vendor share some names; those mean none of them."""
    owners: dict[str, set[str]] = {}
    for row in catalog.providers():
        for alias in (*row.aliases.all(), *row.api_hosts):
            owners.setdefault(alias, set()).add(row.id)
    shared = {alias for alias, providers in owners.items() if len(providers) > 1}

    assert {"dashscope", "generativelanguage.googleapis.com"} == shared
    for alias, providers in owners.items():
        expected = alias if catalog.provider(alias) else None if alias in shared else next(iter(providers))
        assert expected == catalog.provider_id(alias), alias


def test_canonical_ids_mean_themselves(catalog: ShippedCatalog) -> None:
    """Whatever else is called so."""
    assert [row.id for row in catalog.models()] == [catalog.model_id(row.id) for row in catalog.models()]
    assert [row.id for row in catalog.providers()] == [catalog.provider_id(row.id) for row in catalog.providers()]


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("deepseek-ai/DeepSeek-V3.2", "deepseek/deepseek-v3.2"),
        ("deepseek-ai/deepseek-v3.2", "deepseek/deepseek-v3.2"),
        ("deepseek-v3.2", "deepseek/deepseek-v3.2"),
        ("DEEPSEEK/DEEPSEEK-V3.2", "deepseek/deepseek-v3.2"),
        ("deepseek/deepseek-chat", "deepseek/deepseek-chat"),
        ("cloudflare/@cf/qwen/qwq-32b", "alibaba/qwq-32b"),
        ("qwen", None),
        ("gpt-", None),
        ("deepseek-v3.2-of-mine", None),
        ("deepseek-v3", None),
        ("mistral-large", None),
        ("", None),
    ],
)
def test_models_are_found_whole_or_not_at_all(catalog: ShippedCatalog, name: str, model: str | None) -> None:
    """Case may differ where it decides nothing; a prefix is never a name."""
    assert model == catalog.model_id(name)


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("api.deepseek.com", "deepseek"),
        ("API.DeepSeek.com", "deepseek"),
        ("dashscope-intl.aliyuncs.com", "alibaba-sg"),
        ("dashscope.aliyuncs.com", "alibaba-cn"),
        ("ws-17.eu-central-1.maas.aliyuncs.com", "alibaba-eu"),
        ("a.b.eu-central-1.maas.aliyuncs.com", None),
        (".eu-central-1.maas.aliyuncs.com", None),
        ("dashscope", None),
        ("bedrock", "aws-bedrock"),
        ("hosted_vllm", SELF_HOSTED),
        ("ollama", SELF_HOSTED),
        ("deep", None),
    ],
)
def test_providers_are_found_by_id_alias_and_host(catalog: ShippedCatalog, name: str, provider: str | None) -> None:
    """The host decides the plane, a shared name decides nothing."""
    assert provider == catalog.provider_id(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("deepseek-v3.2@nebius", TargetName("deepseek-v3.2", "nebius")),
        ("deepseek-v3.2@nebius@eu-north1", TargetName("deepseek-v3.2", "nebius", "eu-north1")),
        ("@cf/qwen/qwq-32b@cloudflare", TargetName("@cf/qwen/qwq-32b", "cloudflare")),
        ("cloudflare/@cf/qwen/qwq-32b@cloudflare@EU", TargetName("cloudflare/@cf/qwen/qwq-32b", "cloudflare", "EU")),
        ("claude-opus-5-5@default@vertex_ai", TargetName("claude-opus-5-5@default", "vertex_ai")),
        (
            "claude-opus-5-5@default@vertex_ai@europe-west3",
            TargetName("claude-opus-5-5@default", "vertex_ai", "europe-west3"),
        ),
        ("claude-opus-5-5@default@nowhere", TargetName("claude-opus-5-5@default", "nowhere")),
        ("model@nowhere", TargetName("model", "nowhere")),
        ("model@nowhere@mars", TargetName("model", "nowhere", "mars")),
        ("qwen3-32b@dashscope", TargetName("qwen3-32b", "dashscope")),
    ],
)
def test_text_is_divided_from_the_right(catalog: ShippedCatalog, text: str, name: TargetName) -> None:
    """The provider is recognized, so that a model's name may hold an @."""
    assert name == catalog.parse(text)


@pytest.mark.parametrize("text", ["", "model", "@", "model@", "@provider", "@@"])
def test_text_without_a_division_is_refused(catalog: ShippedCatalog, text: str) -> None:
    """A target needs two parts."""
    with pytest.raises(ValueError, match="a target is model@provider or model@provider@region"):
        catalog.parse(text)


@settings(deadline=None)
@given(st.data())
def test_canonical_targets_round_trip(catalog: ShippedCatalog, data: st.DataObject) -> None:
    """Any model at any provider in any of its regions, by any of their names, is read back as written."""
    model = data.draw(st.sampled_from(catalog.models()))
    provider = data.draw(st.sampled_from(catalog.providers()))
    name = TargetName(
        data.draw(st.sampled_from((model.id, *model.aliases.all()))),
        data.draw(st.sampled_from((provider.id, *provider.aliases.all(), *provider.api_hosts))),
        data.draw(st.sampled_from(("", *provider.regions, *provider.processing_regions))),
    )
    assert name == catalog.parse(str(name))
    card = catalog.card(name)
    if card.identified:
        assert card == catalog.card(catalog.parse(card.id)) or card.region_ignored


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_divided_or_refused(catalog: ShippedCatalog, text: str) -> None:
    """What was divided joins to the same text, and no text breaks a card."""
    try:
        name = catalog.parse(text)
    except ValueError:
        return
    assert text == str(name)
    assert not catalog.card(name).identified or catalog.model_id(name.model)
