"""Whatever a list says: what is added can be read again, changes no meaning, and is added once."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.catalog.additions import laid
from sidecar.catalog.imports.earlier import read_earlier
from sidecar.catalog.imports.foreign import Foreign
from sidecar.catalog.imports.litellm import read_litellm
from sidecar.catalog.imports.matching import Matches, Names
from sidecar.catalog.imports.merging import Additions, Merging
from sidecar.catalog.load import checked, shipped_files
from sidecar.catalog.names import ModelNames
from sidecar.catalog.tables import Tables
from sidecar.catalog.target_rows import ModelRow

SHIPPED = checked(shipped_files(), [])[1]
NAMES = Names(SHIPPED)
MODELS = ModelNames(SHIPPED)
KNOWN = sorted({name for row in SHIPPED.models.values() for name in (row.id, *row.aliases.all())})
PREFIXES = sorted({prefix for row in SHIPPED.providers.values() for prefix in row.aliases.litellm})
BARE = sorted({name.rpartition("/")[2] for name in KNOWN})

NAME = st.sampled_from(KNOWN) | st.sampled_from(BARE) | st.from_regex(r"[a-z0-9.-]{1,12}", fullmatch=True)
KEY = NAME | st.builds("{}/{}".format, st.sampled_from(PREFIXES), NAME)
COST = st.none() | st.floats(0, 1e-3, allow_nan=False)
ITEM = st.fixed_dictionaries(
    {
        "litellm_provider": st.sampled_from(PREFIXES),
        "mode": st.sampled_from(["chat", "embedding"]),
        "input_cost_per_token": COST,
        "output_cost_per_token": COST,
        "max_input_tokens": st.none() | st.integers(0, 10**7),
    }
)
LIST = st.dictionaries(KEY, ITEM, max_size=12)


def merged(document: dict[str, Any], before: Additions, day: str = "2026-11-24") -> tuple[Additions, Matches]:
    """Merge a list of LiteLLM's into the shipped catalog."""
    faults: list[str] = []
    matches = NAMES.match(read_litellm(Foreign("list", json.loads(json.dumps(document), parse_float=str), faults)))
    assert [] == faults
    merging = Merging(shipped=SHIPPED, base=SHIPPED, names=NAMES, source="litellm", day=day)
    return merging.merge(before, matches), matches


def effective(additions: Additions) -> dict[str, ModelRow]:
    """Return the rows of models that additions change, as the catalog would have them."""
    fields: dict[str, dict[str, Any]] = {}
    for section, rows in additions.rows.items():
        for row in rows.values():
            model = str(row["model"])
            known = fields.get(model) or dict(plain(SHIPPED.models[model]))
            fields[model] = dict(laid(section, row, known))
    return {model: ModelRow.model_validate(row) for model, row in fields.items()}


def plain(row: ModelRow) -> dict[str, Any]:
    """Return a row as its file holds it."""
    return row.model_dump(exclude_defaults=True)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LIST)
def test_what_was_written_is_read_again(document: dict[str, Any]) -> None:
    """The file of imports holds all of them: written and read, they are the same."""
    after, _ = merged(document, Additions())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "imported.yaml"
        if text := after.text():
            path.write_text(text, "utf-8")
        faults: list[str] = []

        assert (after, []) == (read_earlier(path, faults), faults)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LIST, LIST)
def test_a_list_is_imported_once(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Over whatever was imported before, the second time brings nothing, also on a later day."""
    before, _ = merged(first, Additions())
    once, _ = merged(second, before)
    twice, _ = merged(second, once, day="2026-12-24")

    assert once == twice


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(LIST, st.lists(NAME, max_size=20))
def test_only_four_kinds_of_fields_change(document: dict[str, Any], asked: list[str]) -> None:
    """Origin, license and all else of a row stay; names that were known mean what they meant, at any provider."""
    after, _ = merged(document, Additions())
    rows = effective(after)
    changing = {"prices", "served_by", "aliases", "context_window", "imported"}
    for model, row in rows.items():
        assert SHIPPED.models[model].model_dump(exclude=changing) == row.model_dump(exclude=changing)
        assert set(SHIPPED.models[model].aliases.all()) <= set(row.aliases.all())

    overlaid = ModelNames(with_models(rows))
    for name in {*asked, *document, *(key.partition("/")[2] for key in document)}:
        for provider in (None, "nebius", "deepseek", "azure-foundry", "openrouter"):
            found = MODELS.find(name, provider)
            if found.id is not None or found.several:
                assert found == overlaid.find(name, provider), (name, provider)


def with_models(rows: dict[str, ModelRow]) -> Tables:
    """Return the shipped tables with other rows of models."""
    parts = {name: getattr(SHIPPED, name) for name in Tables.__dataclass_fields__}
    return Tables(**{**parts, "models": {**SHIPPED.models, **rows}})


@pytest.mark.parametrize("name", ["vendor/model-latest", "gpt-9", "deepseek"])
def test_no_name_is_read_by_its_begin(name: str) -> None:
    """A prefix says nothing: what is not known whole is unknown."""
    _, matches = merged({name: {"litellm_provider": "openai", "mode": "chat"}}, Additions())

    assert ([], [name]) == (matches.matched, [entry.where for entry, _ in matches.unknown_models])


def test_two_models_that_would_share_a_name_get_none_of_it() -> None:
    """Where lists disagree about a name, it stays unknown."""
    first, _ = merged({"nebius/deepseek-ai/DeepSeek-V3.2": {"litellm_provider": "nebius", "mode": "chat"}}, Additions())
    taken = {key: {**row, "model": "alibaba/qwen3-32b"} for key, row in first.rows["names"].items()}
    before = Additions()
    before.rows["names"].update(taken)
    after, matches = merged(
        {"nebius/deepseek-ai/DeepSeek-V3.2": {"litellm_provider": "nebius", "mode": "chat"}}, before
    )

    assert first.rows["names"]
    assert first.rows["names"] == after.rows["names"]
    assert set() == matches.doubts


def test_a_name_at_a_host_keeps_its_meaning() -> None:
    """``ovhcloud/NAME`` would say what NAME means there, so it may only say the same."""
    name = "ovhcloud/deepseek-v3.2"

    assert (True, False) == (NAMES.free(name, "deepseek/deepseek-v3.2"), NAMES.free(name, "alibaba/qwen3-32b"))
    assert not NAMES.free("deepseek/deepseek-v3.2", "deepseek/deepseek-v3.2")


def test_an_imported_host_settles_no_ambiguity() -> None:
    """A name that two models have stays ambiguous at a host that a list added to one of them."""
    one, other = "deepseek/deepseek-v3.2", "alibaba/qwen3-32b"
    told = {"source": "a list", "as_of": "2026-11-24"}
    added = Additions()
    for key, model in (("litellm", one), ("vendor_api", other)):
        added.rows["names"][key, "chat-9"] = {"model": model, "list": key, "name": "chat-9", **told}
    added.rows["hosts"][one, "nscale"] = {"model": one, "provider": "nscale", **told}
    rows = effective(added)

    assert "nscale" in rows[one].served_by
    assert ModelNames(with_models(rows)).find("chat-9", "nscale").several
