"""Lists bring prices, hosts, names and contexts by themselves; all else is proposed, and changes nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sidecar.app.cataloging import IMPORTED, Source, import_into, proposal_name
from sidecar.catalog.gather import yaml_files
from sidecar.catalog.imports.importing import Imported, import_list
from sidecar.catalog.load import checked, load_catalog, shipped_files
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.config import load_settings
from sidecar.errors import CatalogFault
from sidecar.types.targets import Card, Price, TargetName
from tests.catalog.patching import patch

FOLDER = Path(__file__).parent.parent / "data" / "catalog" / "import"
TOLD: dict[str, dict[str, Any]] = json.loads((FOLDER / "faults" / "told.json").read_text())
DAY = "2026-11-24"
LISTS = {
    Source.MODELS_DEV: ["models_dev-api", "models_dev-models"],
    Source.OPENROUTER: ["openrouter-models", "openrouter-endpoints", "openrouter-providers"],
    Source.LITELLM: ["litellm"],
    Source.HUGGINGFACE: ["huggingface"],
}


class Noon:
    """A clock that stands still."""

    def __init__(self, day: str = DAY) -> None:
        self._now = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Return noon of the day."""
        return self._now

    def monotonic(self) -> float:
        """Return nothing that matters."""
        return 0.0


def lists(source: Source) -> list[Path]:
    """Return the saved lists of a source."""
    return [FOLDER / f"{name}.json" for name in LISTS[source]]


def imported(source: Source, output: Path, day: str = DAY) -> Imported:
    """Import a source's lists into a folder."""
    return import_into(load_settings(None), source, lists(source), output, clock=Noon(day), day=None)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which every source was imported."""
    folder = tmp_path_factory.mktemp("imported")
    for source in Source:
        imported(source, folder)
    return folder


@pytest.fixture(scope="module")
def overlaid(filled: Path) -> ShippedCatalog:
    """The catalog under what was imported."""
    return load_catalog(filled)


def pairs(catalog: ShippedCatalog) -> Iterator[TargetName]:
    """Go through every model at each provider of a few kinds, and at all that any list names."""
    yield from catalog.listed()
    for model in catalog.models():
        for provider in ("nebius", "ovhcloud", "novita", "deepseek", "openrouter", "self-hosted"):
            yield TargetName(model.id, provider)


def lasting(card: Card) -> Card:
    """Return a card without what an import may change."""
    kept = tuple(field for field in card.unverified if field not in {"price", "context", "listed"})
    return replace(card, price=None, context=None, listed=False, unverified=kept)


def test_an_overlay_is_written(tmp_path: Path) -> None:
    """Prices, hosts, names and contexts, each with source and day; where a list has two prices, the dearest."""
    result = imported(Source.MODELS_DEV, tmp_path)

    assert (
        """\
# Written by `sidecar catalog import`, and written anew by each: rows of your own belong in another file.
# Nobody looked at these: prices, hosts, names and contexts as other lists have them.
prices:
- {model: alibaba/qwen3-32b, provider: ovhcloud, input: 0.09, output: 0.25, source: 'models.dev ovhcloud/qwen3-32b', \
as_of: '2026-11-24', verified: false}
- {model: deepseek/deepseek-v3.2, provider: nebius, input: 0.3, output: 0.45, source: 'models.dev \
nebius/deepseek-ai/DeepSeek-V3.2', as_of: '2026-11-24', verified: false}

hosts:
- {model: deepseek/deepseek-v3.2, provider: ovhcloud, source: 'models.dev ovhcloud/deepseek-v3.2', as_of: '2026-11-24'}

names:
- {model: deepseek/deepseek-v3.2, list: models_dev, name: nebius/deepseek-ai/DeepSeek-V3.2, source: 'models.dev \
nebius/deepseek-ai/DeepSeek-V3.2', as_of: '2026-11-24'}
- {model: deepseek/deepseek-v3.2, list: models_dev, name: ovhcloud/deepseek-v3.2, source: 'models.dev \
ovhcloud/deepseek-v3.2', as_of: '2026-11-24'}

contexts:
- {model: mbzuai/k2-v2-70b, context_window: 524288, source: 'models.dev LLM360/K2-V2', as_of: '2026-11-24'}
"""
        == result.overlay
    )
    assert result.overlay == (tmp_path / IMPORTED).read_text()
    assert {"entries": 7, "known": 5, "unknown models": 1, "unknown providers": 1} == {
        name: count for name, count in result.counts.items() if name not in {"prices", "hosts", "names", "contexts"}
    }


def test_what_was_imported_is_used_and_shown_as_unverified(overlaid: ShippedCatalog) -> None:
    """The price counts for ranking; that nobody looked at it stands in the card."""
    card = overlaid.card(TargetName("nebius/deepseek-ai/DeepSeek-V3.2", "nebius"))
    listed = overlaid.card(TargetName("deepseek/deepseek-v3.2", "ovhcloud"))
    context = overlaid.card(TargetName("LLM360/K2-V2", "self-hosted"))

    assert ("deepseek/deepseek-v3.2@nebius", Price(0.4, 1.2), True) == (card.id, card.price, "price" in card.unverified)
    assert (True, True) == (listed.listed, "listed" in listed.unverified)
    assert (524288, True) == (context.context, "context" in context.unverified)


def test_nothing_else_changes_in_any_card(catalog: ShippedCatalog, overlaid: ShippedCatalog) -> None:
    """Origin, license, region, training, age and all the rest of every card are those of the shipped catalog."""
    before = {name: lasting(catalog.card(name)) for name in pairs(catalog)}

    assert before == {name: lasting(overlaid.card(name)) for name in before}


def test_every_name_means_what_it_meant(catalog: ShippedCatalog, overlaid: ShippedCatalog) -> None:
    """What was imported gives no known name another meaning, nor one to a name that was ambiguous."""
    names = {name for row in catalog.models() for name in (row.id, *row.aliases.all())}
    bare = {name.rpartition("/")[2] for name in names}
    providers = ("nebius", "ovhcloud", "novita", "deepseek", "openrouter")
    known = {
        (name, provider): card.model
        for name in names | bare
        for provider in providers
        if (card := catalog.card(TargetName(name, provider))).identified or card.unidentified == "ambiguous"
    }

    assert known == {(name, provider): overlaid.card(TargetName(name, provider)).model for name, provider in known}


@pytest.mark.parametrize("source", list(Source))
def test_importing_again_changes_nothing(source: Source, tmp_path: Path) -> None:
    """The same lists on a later day give the same overlay, with the day on which a fact was first seen."""
    imported(source, tmp_path)
    once = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".yaml"}
    again = imported(source, tmp_path, day="2026-12-01")

    assert once == {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".yaml"}
    assert {0} == {again.counts[name] for name in ("prices", "hosts", "names", "contexts")}


def test_importing_twice_on_one_day_writes_the_same_files(filled: Path, tmp_path: Path) -> None:
    """Overlay and proposals are functions of the lists, the catalog and the day."""
    for source in Source:
        imported(source, tmp_path)

    assert {path.name: path.read_text() for path in filled.iterdir()} == {
        path.name: path.read_text() for path in tmp_path.iterdir()
    }


def test_a_proposal_names_its_source_and_changes_nothing(catalog: ShippedCatalog, tmp_path: Path) -> None:
    """What model cards claim stands in a diff; the catalog that reads the folder is what it was."""
    result = imported(Source.HUGGINGFACE, tmp_path)
    (tmp_path / "own.yaml").write_text("providers:\n- {id: nebius, notes: ours}\n")

    assert "" == result.overlay
    assert (
        "+  license: Apache-2.0  # huggingface deepseek-ai/DeepSeek-V3.2, 2026-11-24: unverified\n" in result.proposal
    )
    assert "-  license: MIT\n" in result.proposal
    assert result.proposal == (tmp_path / proposal_name(Source.HUGGINGFACE)).read_text()
    assert catalog.models() == load_catalog(tmp_path).models()


def test_a_proposal_can_be_applied(tmp_path: Path) -> None:
    """As a patch of the catalog's own files, which are valid then, and have nothing left to propose."""
    for name, path in shipped_files():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(path.read_bytes())
    for source in (Source.OPENROUTER, Source.LITELLM):
        folder = tmp_path / "proposed" / source.value
        proposal = imported(source, folder).proposal
        patch(tmp_path, proposal, suffix=source.value)
    rows = checked([file for file in yaml_files(tmp_path) if not file[0].startswith("proposed/")], [])[1]

    assert ("EU", "US", "IL", "SG") == rows.providers["nebius"].processing_regions
    assert ("yes", ("trains_on_inputs",)) == (
        rows.providers["deepseek"].trains_on_inputs,
        rows.providers["deepseek"].unverified_fields,
    )
    assert "unidentified" == rows.models["unidentified/example-lab/night-owl-2026-11"].developer


def test_an_unknown_model_is_never_guessed(tmp_path: Path) -> None:
    """Its stub, applied as it stands, is a row that nothing is sent to; then it is known, and proposed no more."""
    proposal = imported(Source.MODELS_DEV, tmp_path / "first").proposal
    overlay = tmp_path / "overlay"
    patch(overlay, proposal, only_new=True)
    card = load_catalog(overlay).card(TargetName("nebius/example-lab/Unheard-Of-7B", "nebius"))
    again = import_list(Source.MODELS_DEV, lists(Source.MODELS_DEV), day=DAY, overlay=overlay)

    assert (False, "developer_unidentified") == (card.identified, card.unidentified)
    assert (0, 0) == (again.counts["unknown models"], again.counts["unknown providers"])


def test_what_the_operator_states_is_no_lists_to_change(tmp_path: Path) -> None:
    """A price and a context of the operator's own overlay stay, and the file of imports makes room for them."""
    imported(Source.LITELLM, tmp_path)
    (tmp_path / "own.yaml").write_text(
        "prices:\n- {model: deepseek/deepseek-v3.2, provider: nebius, input: 0.1, output: 0.2, as_of: '2026-01-01'}\n"
        "models:\n- {id: mbzuai/k2-v2-70b, context_window: 4096}\n"
    )
    imported(Source.LITELLM, tmp_path)
    imported(Source.MODELS_DEV, tmp_path)
    catalog = load_catalog(tmp_path)

    assert Price(0.1, 0.2) == catalog.card(TargetName("deepseek/deepseek-v3.2", "nebius")).price
    assert 4096 == catalog.card(TargetName("mbzuai/k2-v2-70b", "self-hosted")).context


def test_an_older_list_takes_nothing_back(tmp_path: Path) -> None:
    """A price that was seen later stays."""
    later = imported(Source.LITELLM, tmp_path, day="2026-12-01")
    earlier = imported(Source.MODELS_DEV, tmp_path, day="2026-11-30")

    assert [line for line in later.overlay.splitlines() if "provider: nebius, input" in line] == [
        line for line in earlier.overlay.splitlines() if "provider: nebius, input" in line
    ]


def test_a_licensor_is_no_host_by_itself(tmp_path: Path) -> None:
    """At the licensor's own API a contract may take the place of the license of the weights: a person decides."""
    (tmp_path / "list.json").write_text(
        json.dumps({"deepseek": {"name": "DeepSeek", "models": {"deepseek-ai/DeepSeek-R1": {"name": "R1"}}}})
    )
    result = import_list(Source.MODELS_DEV, [tmp_path / "list.json"], day=DAY)

    assert "hosts:" not in result.overlay


@pytest.mark.parametrize("name", sorted(TOLD))
def test_each_fault_is_named(name: str, tmp_path: Path) -> None:
    """A list with a fault is refused with file and field, and nothing is written."""
    with pytest.raises(CatalogFault) as caught:
        import_into(
            load_settings(None),
            Source(TOLD[name]["source"]),
            [FOLDER / "faults" / f"{name}.json"],
            tmp_path / "output",
            clock=Noon(),
            day=None,
        )

    assert TOLD[name]["faults"] == list(caught.value.faults)
    assert not (tmp_path / "output").exists()


def test_every_fault_file_has_its_expectation() -> None:
    """No fault file lies about without a test."""
    assert sorted(TOLD) == sorted(path.stem for path in (FOLDER / "faults").glob("*.json") if path.stem != "told")


def test_a_fault_never_quotes_a_value(tmp_path: Path) -> None:
    """What stands in a saved answer by mistake, a key perhaps, reaches no log."""
    secret = "sk-4f9a1c77d0e2"
    bad = {"litellm_provider": "nebius", "mode": "chat", "input_cost_per_token": secret, "max_input_tokens": secret}
    (tmp_path / "bad.json").write_text(json.dumps({"x": {**bad, "supports_function_calling": secret}}))

    with pytest.raises(CatalogFault) as caught:
        import_list(Source.LITELLM, [tmp_path / "bad.json"], day=DAY)

    assert secret not in str(caught.value) + caught.value.advice
    assert 3 == len(caught.value.faults)


def test_faults_of_all_lists_are_told_together() -> None:
    """Every file is read before anything is refused."""
    names = ("not-json", "provider-missing")
    with pytest.raises(CatalogFault) as caught:
        import_list(Source.LITELLM, [FOLDER / "faults" / f"{name}.json" for name in names], day=DAY)

    assert [fault for name in names for fault in TOLD[name]["faults"]] == list(caught.value.faults)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("models:\n- {id: a}\n", "imported.yaml: holds what no import wrote: such rows belong in another file"),
        ("prices:\n- {model: a/b}\n", "imported.yaml: prices[0]: provider: is missing, or not what an import wrote"),
        ("prices: !x []\n", "imported.yaml: line 1: tags are not read"),
        ("- a\n", "imported.yaml: not a map of sections"),
    ],
)
def test_rows_of_ones_own_are_not_lost(text: str, fault: str, tmp_path: Path) -> None:
    """A file that no import wrote is not written over."""
    (tmp_path / IMPORTED).write_text(text)
    with pytest.raises(CatalogFault) as caught:
        imported(Source.LITELLM, tmp_path)

    assert ([fault], text) == (list(caught.value.faults), (tmp_path / IMPORTED).read_text())
