"""The cache changes no decision: real facts, real policies, real OPA.

``python -m tests.policy.replaying 10000`` is the long form.
"""

import copy
import json
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from sidecar.catalog.load import load_catalog
from sidecar.policy.cache import PARSED_PATHS
from sidecar.policy.engine import DECISION, OpaEngine, start_engine
from sidecar.policy.projection import Projection
from tests.policy.replaying import World, replay

pytestmark = pytest.mark.asyncio(loop_scope="module")
REPLAYED = 200
MUTATED = 3
CATALOG = load_catalog()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[OpaEngine]:
    """The engine with the shipped policies and catalog."""
    engine = await start_engine(catalog_data=CATALOG.policy_data(), shadow={}, timeout_ms=60_000)
    yield engine
    await engine.aclose()


async def test_random_facts_with_and_without_the_cache(engine: OpaEngine) -> None:
    """Facts of one key have one answer, byte for byte, and what is kept is what would be said."""
    replayed = await replay(engine, World(CATALOG, seed=20261124).facts(REPLAYED))
    assert (REPLAYED, 0) == (replayed.asked, replayed.differing)
    assert replayed.hits > REPLAYED // 2


async def test_what_the_key_leaves_out_is_not_read(engine: OpaEngine) -> None:
    """Whatever stands outside of the projection may be anything, or nothing: the answer stays the same."""
    projection = Projection((engine.reads or frozenset()) | PARSED_PATHS)
    world = World(CATALOG, seed=7)
    tried = set()
    for drawn in world.facts(MUTATED):
        question = json.loads(json.dumps(drawn))
        said = await engine._client.query(DECISION, question)
        for path, mutant in mutants(question, projection.of(question), world.draw):
            assert projection.key(question) == projection.key(mutant)
            assert said == await engine._client.query(DECISION, mutant), ".".join(path)
            tried.add(".".join(path))
    assert tried >= {"request.bytes", "caller.subject", "content.languages", "target.price", "tenant.rank_by", "phase"}


def mutants(
    question: dict[str, Any], shown: dict[str, Any], draw: random.Random
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield the facts without each part that the projection drops, and with something else in its place."""
    for path in _dropped(question, shown):
        for odd in (None, draw.choice(([], {}, True, -1, "odd", ["contact"], {"id": "odd"}))):
            mutant = json.loads(json.dumps(question))
            place = mutant
            for name in path[:-1]:
                place = place[name]
            if odd is None:
                del place[path[-1]]
            else:
                place[path[-1]] = copy.deepcopy(odd)
            yield path, mutant


def _dropped(whole: dict[str, Any], shown: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in whole.items():
        if name not in shown:
            yield (*above, name)
            if isinstance(value, dict):
                yield from _dropped(value, {}, (*above, name))
        elif isinstance(value, dict):
            yield from _dropped(value, shown[name], (*above, name))
