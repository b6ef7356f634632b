"""The facts behind hard cases: origin, serving and license are three things, and names lie."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest

from sidecar.catalog.shipped import ShippedCatalog
from sidecar.types.targets import (
    SELF_HOSTED,
    Card,
    LicenseDuty,
    LicenseTerms,
    Listing,
    Price,
    Serving,
    TargetName,
    Unidentified,
)

API_OPENAI = "LicenseRef-API-OpenAI"
LLAMA_33 = "LicenseRef-Llama-3.3"


class Facts(NamedTuple):
    """What a case is about."""

    origin: tuple[str, ...]
    parent: str
    licenses: tuple[str, ...]
    trains: str
    retention: int | None


CASES = {
    # weights at home, and the vendor's own API under the same name
    "deepseek-v3.2@self-hosted": Facts(("CN",), "TENANT", ("MIT",), "no", 0),
    "deepseek-v4-pro@api.deepseek.com": Facts(("CN",), "CN", ("MIT",), "unknown", None),
    # a French and a US host serve Chinese weights
    "zai-glm-5-3@mistral": Facts(("CN",), "FR", ("LicenseRef-GLM-5.3",), "opt-out", 30),
    "deepseek-v4-1-flash-1017@mistral": Facts(("CN",), "FR", ("MIT",), "opt-out", 30),
    "kimi-k3@bedrock@us-east-1": Facts(("CN",), "US", ("LicenseRef-Kimi-K3",), "no", 0),
    # Chinese hosts serve US weights
    "gpt-oss-120b@siliconflow": Facts(("US",), "CN", ("Apache-2.0",), "no", 0),
    "deepseek-r1-distill-llama-70b@alibaba-cn": Facts(("CN", "US"), "CN", ("MIT", LLAMA_33), "no", None),
    # a region outside with a parent inside
    "qwen3-32b@alibaba-eu@eu-central-1/european-union": Facts(("CN",), "CN", ("Apache-2.0",), "no", None),
    "kimi-k3@moonshot-global": Facts(("CN",), "CN", ("LicenseRef-API-Moonshot",), "unknown", None),
    # names that lie about where the weights come from
    "deepseek-v3.1-nex-n1@openrouter": Facts(("CN",), "US", ("LicenseRef-Open-Weights-Unread", "MIT"), "no", 0),
    "nvidia/llama-3.3-nemotron-super-49b-v1.5@self-hosted": Facts(
        ("US",), "TENANT", ("LicenseRef-NVIDIA-Open-Model-2025-04", LLAMA_33), "no", 0
    ),
    # tunes with the base's origin and license
    "intellect-3@self-hosted": Facts(("US", "CN"), "TENANT", ("MIT",), "no", 0),
    "k2-think-32b@self-hosted": Facts(("AE", "CN"), "TENANT", ("Apache-2.0",), "no", 0),
    "skt/a.x-4.0@self-hosted": Facts(("KR", "CN"), "TENANT", ("Apache-2.0", "LicenseRef-Qwen-2024"), "no", 0),
    "cogito-v2.1-671b@together": Facts(("US", "CN"), "US", ("MIT", "LicenseRef-DeepSeek-Model-1.0"), "no", 0),
    # the license follows the checkpoint
    "deepseek/deepseek-v3@together": Facts(("CN",), "US", ("LicenseRef-DeepSeek-Model-1.0",), "no", 0),
    "deepseek/deepseek-v3-0324@together": Facts(("CN",), "US", ("MIT",), "no", 0),
    "tencent/hy3-preview@self-hosted": Facts(("CN",), "TENANT", ("LicenseRef-Tencent-HY-Community-2025-12",), "no", 0),
    "tencent/hy3@self-hosted": Facts(("CN",), "TENANT", ("Apache-2.0",), "no", 0),
    "zhipuai/glm-5.2@self-hosted": Facts(("CN",), "TENANT", ("MIT",), "no", 0),
    "zhipuai/glm-5.3@self-hosted": Facts(("CN",), "TENANT", ("LicenseRef-GLM-5.3",), "no", 0),
    "zhipuai/glm-5.3-flash@self-hosted": Facts(("CN",), "TENANT", ("MIT",), "no", 0),
    "google/gemma-3-27b-it@self-hosted": Facts(("US",), "TENANT", ("LicenseRef-Gemma-ToU",), "no", 0),
    "google/gemma-4-31b-it@self-hosted": Facts(("US",), "TENANT", ("Apache-2.0",), "no", 0),
    "alibaba/qwen3.8-27b@self-hosted": Facts(("CN",), "TENANT", ("Apache-2.0",), "no", 0),
    "alibaba/qwen3.8-flash-next@self-hosted": Facts(("CN",), "TENANT", ("LicenseRef-Qwen-Community-1.0",), "no", 0),
    "alibaba/qwen3.8-2.4t-a95b@self-hosted": Facts(("CN",), "TENANT", ("LicenseRef-Qwen3.8-Max",), "no", 0),
    # on the licensor's own API its contract counts, elsewhere the license of the weights
    "cohere/command-a@cohere": Facts(("CA",), "CA", ("LicenseRef-API-Cohere",), "no", 30),
    "cohere/command-a@self-hosted": Facts(("CA",), "TENANT", ("CC-BY-NC-4.0",), "no", 0),
    # hosted and open twins differ
    "qwen3.8-max@alibaba-sg": Facts(("CN",), "CN", ("LicenseRef-API-Alibaba",), "no", None),
    # a model whose own terms are stricter than its host's
    "claude-fable-5@bedrock": Facts(("US",), "US", ("LicenseRef-API-Anthropic",), "no", 30),
    "claude-fable-5.1@vertex_ai": Facts(("US",), "US", ("LicenseRef-API-Anthropic",), "no", 30),
    "meta/muse-spark-1.3-contributor@openrouter": Facts(("US",), "US", ("LicenseRef-API-Meta",), "yes", 0),
    "zhipuai/glm-5.3-prime@openrouter": Facts(("CN",), "US", ("LicenseRef-API-Zai",), "no", None),
}


@pytest.mark.parametrize("target", CASES)
def test_three_axes(catalog: ShippedCatalog, target: str) -> None:
    """Where the weights come from, who can reach the inference and what the license is, each by itself."""
    card = catalog.card(catalog.parse(target))
    expected = CASES[target]

    assert expected == Facts(
        card.origin,
        card.serving.parent_jurisdiction,
        tuple(terms.id for terms in card.licenses),
        card.serving.trains_on_inputs,
        card.serving.retention_days,
    )


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("gpt-9-turbo@openai", "model_unknown"),
        ("qwen@nebius", "model_unknown"),
        ("gpt-9-turbo@nowhere", "model_unknown"),
        ("gpt-5@nowhere", "provider_unknown"),
        ("gpt-5@dashscope", "ambiguous"),
        ("deepseek-v3@deepseek", "ambiguous"),
        ("gemini-2.5-pro@generativelanguage.googleapis.com", "ambiguous"),
        ("openrouter/auto@openrouter", "developer_unidentified"),
        ("openrouter/free@openrouter", "developer_unidentified"),
        ("owl-alpha@openrouter", "developer_unidentified"),
        ("sakana/fugu-max@openrouter", "origin_unknown"),
        ("gpt-5@self-hosted", "closed_weights_self_hosted"),
        ("gpt-5@ollama", "closed_weights_self_hosted"),
    ],
)
def test_unidentified(catalog: ShippedCatalog, target: str, reason: Unidentified) -> None:
    """A card that is not identified says why, in the caller's words, and nothing else."""
    name = catalog.parse(target)
    expected = Card(
        id=target,
        model=name.model,
        provider=name.provider,
        region="",
        identified=False,
        unidentified=reason,
        listed=False,
        status="",
        moving_alias=False,
        region_ignored=False,
        kind="",
        developers=(),
        origin=(),
        open_weights=False,
        licensor_api=False,
        licenses=(),
        serving=Serving((), "", self_hosted=False, trains_on_inputs="unknown", retention_days=None,
                        zero_data_retention="unknown", dpf_certified=""),
        listings=(),
        price=None,
        context=None,
        tools=None,
        modalities=(),
        outputs=(),
        unverified=(),
        retrieved=None,
    )  # fmt: skip

    assert expected == catalog.card(name)


def test_a_whole_card(catalog: ShippedCatalog) -> None:
    """Every field of one card, so that none is filled from the wrong place."""
    expected = Card(
        id="zhipuai/glm-5.2@scaleway",
        model="zhipuai/glm-5.2",
        provider="scaleway",
        region="",
        identified=True,
        unidentified="",
        listed=True,
        status="active",
        moving_alias=False,
        region_ignored=False,
        kind="inference-host",
        developers=("zhipuai",),
        origin=("CN",),
        open_weights=True,
        licensor_api=False,
        licenses=(
            LicenseTerms(
                id="MIT",
                name="MIT License",
                license_class="permissive",
                commercial_use="yes",
                territory=None,
                scale=(),
                hosting=None,
                duties=(
                    LicenseDuty("notice", "self_hosted", "keep the copyright and permission notice", "MIT License"),
                ),
                fields_of_use=(),
                output_training="none",
                verified=True,
                unverified=(),
            ),
        ),
        serving=Serving(("FR",), "FR", self_hosted=False, trains_on_inputs="no", retention_days=0,
                        zero_data_retention="default", dpf_certified=""),
        listings=(
            Listing(
                developer="zhipuai",
                list="US-BIS-Entity-List",
                since="2025-01-16",
                effect="license needed to supply listed party with items subject to the EAR; "
                "does not by itself forbid calling its API",
                verified=True,
            ),
        ),
        price=None,
        context=1000000,
        tools=True,
        modalities=("text",),
        outputs=("text",),
        unverified=(),
        retrieved=date(2026, 11, 23),
    )  # fmt: skip

    assert expected == catalog.card(TargetName("zai-org/GLM-5.2", "api.scaleway.ai"))


def test_a_price_is_that_of_the_provider(catalog: ShippedCatalog) -> None:
    """Another provider's price never stands in."""
    model = "alibaba/qwen3.6-35b-a3b"
    row = catalog.model(model)

    assert row is not None
    assert {price.provider: Price(price.input, price.output) for price in row.prices} == {
        name.provider: card.price
        for name in catalog.listed()
        if name.model == model and (card := catalog.card(name)).price
    }
    assert Price(0.25, 1.5) == catalog.card(TargetName(model, "scaleway")).price


def test_every_listed_pair_is_identified(catalog: ShippedCatalog) -> None:
    """But for models that nobody knows the maker of; each other card knows its origin, license, places and parent."""
    unknown = set()
    for name in catalog.listed():
        card = catalog.card(name)
        if not card.identified:
            unknown.add((card.model, card.unidentified))
            continue
        assert (str(name), True) == (card.id, card.listed)
        assert card.origin
        assert card.developers
        assert card.licenses
        assert card.serving.regions
        assert card.serving.parent_jurisdiction
        assert card.retrieved
    assert {
        ("sakana/fugu-max", "origin_unknown"),
        ("sakana/fugu-ultra", "origin_unknown"),
        ("unidentified/auto", "developer_unidentified"),
        ("unidentified/free", "developer_unidentified"),
        ("unidentified/owl-alpha", "developer_unidentified"),
    } == unknown


def test_listed_pairs_are_sorted_and_canonical(catalog: ShippedCatalog) -> None:
    """A list that is not in order would make two runs differ."""
    pairs = [(name.model, name.provider) for name in catalog.listed()]

    assert sorted(set(pairs)) == pairs
    assert len(pairs) == sum(len(row.served_by) for row in catalog.models())


def test_excluded_territories_are_what_the_rows_say(catalog: ShippedCatalog) -> None:
    """The clauses that reach a model, told from its licenses, equal the row's own cross-check."""
    llama = catalog.license_terms("LicenseRef-Llama-4")
    assert llama is not None
    assert llama.territory is not None
    union = llama.territory.excluded
    assert 27 == len(union)
    for row in catalog.models():
        if row.open_weights and row.developer != "unidentified":
            expected = {
                c for place in row.effective_excluded_territories for c in (union if place == "EU" else (place,))
            }
            card = catalog.card(TargetName(row.id, SELF_HOSTED))
            found = {c for terms in card.licenses if terms.territory for c in terms.territory.excluded}
            assert expected == found, row.id


def test_a_multimodal_clause_spares_text_models(catalog: ShippedCatalog) -> None:
    """Llama's European clause reaches Vision and Llama 4, not 3.2-3B and 3.3-70B."""
    excluded = {
        model: [bool(terms.territory) for terms in catalog.card(TargetName(model, SELF_HOSTED)).licenses]
        for model in (
            "meta/llama-3.2-3b-instruct",
            "meta/llama-3.3-70b-instruct",
            "meta/llama-3.2-11b-vision-instruct",
            "meta/llama-4-scout",
        )
    }
    assert {
        "meta/llama-3.2-3b-instruct": [False],
        "meta/llama-3.3-70b-instruct": [False],
        "meta/llama-3.2-11b-vision-instruct": [True],
        "meta/llama-4-scout": [True],
    } == excluded


def test_the_hosting_of_a_model_changes_nothing_of_its_origin(catalog: ShippedCatalog) -> None:
    """Origin, developers and listings are the same at every provider."""
    for row in catalog.models():
        cards = [catalog.card(TargetName(row.id, provider)) for provider in row.served_by]
        assert len({(card.origin, card.developers, card.listings) for card in cards}) <= 1


def test_recalled_fields_stand_in_unverified(catalog: ShippedCatalog) -> None:
    """By their names in the facts: a host nobody saw, a developer recalled, a region pinned by the host's own name."""
    unverified = {
        text: catalog.card(catalog.parse(text)).unverified
        for text in (
            "deepseek-v3.2@nscale",
            "deepseek-v3.1-nex-n1@self-hosted",
            "cohere/command-a@cohere",
            "cohere/command-a@cohere@model-vault/EU",
            "deepseek-v3.2@nebius",
        )
    }
    assert {
        "deepseek-v3.2@nscale": (
            "serving.parent_jurisdiction",
            "serving.regions",
            "serving.retention_days",
            "serving.trains_on_inputs",
            "serving.zero_data_retention",
        ),
        "deepseek-v3.1-nex-n1@self-hosted": ("license", "license_facts", "origin"),
        "cohere/command-a@cohere": ("serving.regions", "serving.zero_data_retention"),
        "cohere/command-a@cohere@model-vault/EU": ("serving.zero_data_retention",),
        "deepseek-v3.2@nebius": (),
    } == unverified


def test_moving_aliases_and_retired_models_say_so(catalog: ShippedCatalog) -> None:
    """They are identified all the same."""
    chat = catalog.card(TargetName("deepseek-chat", "deepseek"))
    latest = catalog.card(TargetName("anthropic/claude-fable-latest", "openrouter"))

    assert [(True, True, "vendor-retired"), (True, True, "active")] == [
        (card.identified, card.moving_alias, card.status) for card in (chat, latest)
    ]
    assert ["deepseek/deepseek-v3.2 as of 2025-12-01", ""] == [chat.stands_for, latest.stands_for]


def test_kept_cards_are_the_written_ones(catalog: ShippedCatalog) -> None:
    """A card that was kept equals one that is written anew, and unknown names are never kept."""
    name = TargetName("kimi-k3", "bedrock")
    first = catalog.card(name)

    assert catalog.card(name) is first
    assert replace(first) == catalog.card(TargetName("moonshotai/kimi-k3", "aws-bedrock"))
    assert catalog.card(TargetName("nothing", "bedrock")) is not catalog.card(TargetName("nothing", "bedrock"))
