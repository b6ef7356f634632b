"""What left is counted once, survives restarts, and is made again of the records where it is lost."""

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.audit.counting import FILE, CountingJournal
from sidecar.audit.interface import Entry
from sidecar.audit.journal import SqliteJournal
from tests.audit.fakes import SteppingClock

TODAY = date(2026, 11, 24)
YEAR = date(2025, 11, 24)
PROVIDERS = ("deepseek", "zai")


def decision(
    number: int,
    found: Mapping[str, int],
    *,
    provider: str = "deepseek",
    tenant: str = "acme",
    day: str = "2026-11-24",
    redact: Mapping[str, str] | None = None,
    retry_of: str = "",
    direction: str = "request",
) -> Entry:
    """Return a decision that let a content out, or blocked it where there is no provider."""
    half = {"direction": direction, "date": day, "content": {"found": {k: {"count": n} for k, n in found.items()}}}
    content: dict[str, Any] = {
        "final_provider": provider,
        "requested_target": f"m@{provider or 'zai'}",
        "decision": {"redact": [{"class": name, "operator": how} for name, how in (redact or {}).items()]},
        "request_half": half,
        "retry_of": retry_of,
    }
    return Entry("decision", f"d{number}", tenant, content, {})


def report(number: int, *, forwarded: bool, breach: str = "", target: str = "", tenant: str = "acme") -> Entry:
    """Return what a gateway says became of a decision."""
    return Entry("report", f"d{number}", tenant, {"forwarded": forwarded, "breach": breach, "target": target}, {})


def counted(counting: CountingJournal) -> dict[str, Any]:
    """Return what is more than nothing, by tenant and provider."""
    found: dict[str, Any] = {}
    for tenant, provider in product(("acme", "other"), PROVIDERS):
        mixes = counting.since(tenant, provider, YEAR).items()
        if some := {",".join(mix): dict(sums) for mix, sums in mixes if any(sums.values())}:
            found[f"{tenant} {provider}"] = some
    return found


def run(folder: Path, entries: Sequence[Entry], *, save: bool = True) -> dict[str, Any]:
    """Write entries with a journal that counts; return what it counted, by tenant and provider."""

    async def write() -> dict[str, Any]:
        journal = SqliteJournal(folder, clock=SteppingClock())
        counting = CountingJournal(journal, folder, today=TODAY)
        try:
            for entry in entries:
                await counting.append(entry)
            if save:
                counting.save()
            return counted(counting)
        finally:
            await journal.close()

    return asyncio.run(write())


def test_what_left_is_counted(tmp_path: Path) -> None:
    """By tenant, counterparty and the classes that left together."""
    entries = [
        decision(1, {"health": 2, "contact": 1}),
        decision(2, {"health": 3}),
        decision(3, {"health": 4}, provider="zai"),
        decision(4, {"health": 5}, tenant="other"),
    ]
    assert {
        "acme deepseek": {"contact,health": {"health": 2, "contact": 1}, "health": {"health": 3}},
        "acme zai": {"health": {"health": 4}},
        "other deepseek": {"health": {"health": 5}},
    } == run(tmp_path, entries)


@pytest.mark.parametrize(
    "entry",
    [
        decision(1, {"health": 2}, provider=""),
        decision(1, {"health": 2}, provider="self-hosted"),
        decision(1, {"health": 2}, redact={"health": "remove"}),
        decision(1, {"health": 2}, direction="response"),
        decision(1, {}),
    ],
    ids=["blocked", "own hardware", "taken out", "a reply", "nothing found"],
)
def test_what_did_not_leave(tmp_path: Path, entry: Entry) -> None:
    """It counts nothing."""
    assert {} == run(tmp_path, [entry])


def test_what_can_be_linked_left(tmp_path: Path) -> None:
    """A pseudonym is still somebody; what is gone is not counted beside it."""
    entry = decision(1, {"health": 2, "contact": 1}, redact={"health": "pseudonym", "contact": "generalize"})
    assert {"acme deepseek": {"health": {"health": 2}}} == run(tmp_path, [entry])


def test_not_sent_takes_it_back_once(tmp_path: Path) -> None:
    """However often it is said, and of nothing but that decision of that tenant."""
    said = [report(1, forwarded=False), report(1, forwarded=False), report(1, forwarded=False, tenant="other")]
    entries = [decision(1, {"health": 2}), decision(2, {"health": 3}), *said]
    assert {"acme deepseek": {"health": {"health": 3}}} == run(tmp_path, entries)
    assert {"acme deepseek": {"health": {"health": 5}}} == run(tmp_path, [report(1, forwarded=True)])
    assert {"acme deepseek": {"health": {"health": 5}}} == run(tmp_path, [report(1, forwarded=True)])


def test_decided_anew_counts_once(tmp_path: Path) -> None:
    """The same request under another snapshot takes the place of the first."""
    entries = [decision(1, {"health": 2}), decision(2, {"health": 2}, provider="zai", retry_of="d1")]
    assert {"acme zai": {"health": {"health": 2}}} == run(tmp_path, entries)


def test_a_breach_counts_where_it_went(tmp_path: Path) -> None:
    """With all that was found, redacted or not, and once."""
    gone = decision(1, {"health": 2}, provider="", redact={"health": "remove"})
    breach = report(1, forwarded=True, breach="blocked")
    assert {"acme zai": {"health": {"health": 2}}} == run(tmp_path, [gone, breach, breach])
    elsewhere = report(2, forwarded=True, breach="target", target="m@deepseek@cn-beijing")
    expected = {"acme deepseek": {"health": {"health": 1}}, "acme zai": {"health": {"health": 3}}}
    assert expected == run(tmp_path, [decision(2, {"health": 1}, provider="zai"), elsewhere])


def test_the_window(tmp_path: Path) -> None:
    """Days before it do not count."""
    entries = [decision(1, {"health": 2}, day="2025-11-23"), decision(2, {"health": 3}, day="2025-11-24")]
    assert {"acme deepseek": {"health": {"health": 3}}} == run(tmp_path, entries)


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    """With what was saved, with what was recorded since, and with neither."""
    three = {"acme deepseek": {"health": {"health": 3}}}
    assert {"acme deepseek": {"health": {"health": 1}}} == run(tmp_path, [decision(1, {"health": 1})])
    assert three == run(tmp_path, [decision(2, {"health": 2})], save=False)
    assert three == run(tmp_path, [])
    (tmp_path / FILE).unlink()
    assert three == run(tmp_path, [])
    assert 0o600 == (tmp_path / FILE).stat().st_mode & 0o777


@pytest.mark.parametrize("text", ["", "[]", '{"upto": 1}', "other journal", "ahead"])
def test_a_file_that_is_no_good_is_made_again(tmp_path: Path, text: str) -> None:
    """Torn, foreign, of another journal, or further than the journal goes."""
    expected = run(tmp_path, [decision(1, {"health": 1})])
    saved = json.loads((tmp_path / FILE).read_text())
    spoiled = {"other journal": {**saved, "journal_id": "x", "sums": []}, "ahead": {**saved, "upto": 9, "sums": []}}
    (tmp_path / FILE).write_text(json.dumps(spoiled[text]) if text in spoiled else text)
    assert expected == run(tmp_path, [])


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Entry, bool]]:
    """Draw records, and after which of them the sidecar restarts."""
    entries = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["decision", "decision", "report"]))
        about = draw(st.integers(0, 3))
        if kind == "report":
            entries.append(report(about, forwarded=draw(st.booleans()), breach=draw(st.sampled_from(["", "blocked"]))))
        else:
            found = {draw(st.sampled_from(["health", "contact"])): draw(st.integers(1, 3))}
            retry = draw(st.sampled_from(["", "", f"d{about}"])) if about < number else ""
            provider = draw(st.sampled_from(["", *PROVIDERS]))
            entries.append(decision(number, found, provider=provider, retry_of=retry))
    return [(entry, draw(st.booleans())) for entry in entries]


@given(history=histories(), save=st.booleans())
@settings(max_examples=15, deadline=None)
def test_counting_on_is_counting_again(history: list[tuple[Entry, bool]], save: bool) -> None:  # noqa: FBT001
    """Whenever it restarts, and whatever was saved, it comes to what the records come to."""
    with tempfile.TemporaryDirectory() as name:
        folder, part = Path(name), list[Entry]()
        for entry, restarts in history:
            part.append(entry)
            if restarts:
                run(folder, part, save=save)
                part = []
        counted = run(folder, part, save=save)
        (folder / FILE).unlink(missing_ok=True)
        assert counted == run(folder, [])
