"""Lists, a package's recognizer and the counts of what is remembered, in a sidecar that serves."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.v1 import inspection_pb2 as pb
from tests.detection.packages import calls, install
from tests.e2e.asking import CHINA, EU_HOST, action, chat, fresh, question
from tests.e2e.running import PATIENCE, Ears, Served, hearing, serving, until

LISTS = {"deny": {"projects": {"words": ["Bluebird"], "class": "trade_secret"}}, "allow": ["desk@acme.example"]}
SHOP = {"country": "DE", "sector": "retail", "regimes": ["EU-GDPR"]}


def write_tenants(folder: Path, **additions: object) -> None:
    """Write two shops; the second adds to detection."""
    (folder / "tenants.yaml").write_text(
        json.dumps({"tenants": {"plain": SHOP, "other": {**SHOP, "detection": additions}}})
    )


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sidecar with the operator's lists, a tenant's, and a package of recognizers beside it."""
    folder = tmp_path_factory.mktemp("terms")
    install(folder, {"fleet": "Fleet"})
    write_tenants(folder, deny={"sites": ["Area 9"]})
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    with serving(
        folder,
        env={"PYTHONPATH": path},
        tenants={"path": "tenants.yaml"},
        detection={**LISTS, "workers": 1},
    ) as served:
        yield served


@pytest.fixture
def ears(living: Served) -> Iterator[Ears]:
    """A channel to it."""
    with hearing(living.addresses[0]) as ears:
        yield ears


def inspected(ears: Ears, text: str, **fields: object) -> pb.InspectResponse:
    """Return the answer to a chat that was never sent before."""
    return ears.inspection.Inspect(question(body=fresh(text), **fields), timeout=PATIENCE)


def entities(answer: pb.InspectResponse) -> list[str]:
    """Return the entities that were found."""
    return [one.entity for one in answer.findings]


def test_all_recognizers_are_asked_before_anybody_is_served(living: Served, ears: Ears) -> None:
    """When the sidecar listens, the package's recognizer is loaded and has been tried; the status names it."""
    assert calls(living.folder) >= 2
    assert {"Fleet", "Deny_projects"} <= set(ears.status().recognizers)
    assert ["FLEET_ID"] == entities(inspected(ears, "take truck 9"))


def test_a_denied_word_is_a_finding_with_a_class_of_its_own(ears: Ears) -> None:
    """A class that no regime knows is judged like one that has none; an allowed address is none."""
    answer = inspected(ears, "What about bluebird? Ask desk@acme.example.", target=CHINA)
    assert [("PROJECTS", "trade_secret", "Deny_projects")] == [
        (one.entity, one.data_class, one.recognizer) for one in answer.findings
    ]
    assert "allow" != action(answer)
    assert "allow" == action(inspected(ears, "What about it?", target=EU_HOST))


def test_a_tenants_list_is_read_anew_while_serving(living: Served, ears: Ears) -> None:
    """What a tenant adds holds for its own prompts; an edited list holds for the same text, sent again."""
    text = chat("Go to Area 9 and Area 8.")

    def found(tenant: str) -> list[tuple[int, int]]:
        answer = ears.inspection.Inspect(question(tenant=tenant, body=text), timeout=PATIENCE)
        return [(one.start, one.end) for one in answer.findings if one.entity == "SITES"]

    assert ([], [(6, 12)]) == (found("plain"), found("other"))
    before = ears.status().revisions
    write_tenants(living.folder, deny={"sites": ["Area 8"]})
    until(lambda: ears.status().revisions.config != before.config, "a new revision")
    assert ([], [(17, 23)]) == (found("plain"), found("other"))
    assert before.detector == ears.status().revisions.detector


def test_status_counts_what_is_remembered(ears: Ears) -> None:
    """A text that is sent again is a hit; so is a decision on the same facts."""
    body = fresh()
    ears.inspection.Inspect(question(body=body), timeout=PATIENCE)
    before = ears.status()
    ears.inspection.Inspect(question(body=body), timeout=PATIENCE)
    after = ears.status()
    assert after.detection_cache.hits > before.detection_cache.hits
    assert (before.detection_cache.misses, before.detection_cache.entries, 0) == (
        after.detection_cache.misses,
        after.detection_cache.entries,
        after.detection_cache.evictions,
    )
    assert after.detection_cache.bytes > 0
    asked = after.decision_cache.hits + after.decision_cache.misses
    assert asked > before.decision_cache.hits + before.decision_cache.misses
