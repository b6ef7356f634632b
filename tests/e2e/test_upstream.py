"""A model behind the demo's gateway receives what was judged, and not one byte else."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.demo.cases import Case
from deploy.demo.gateway import Gateway, Upstream, content_of
from sidecar.integrations.client import SidecarClient, SidecarRefusedError
from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import LETTER, MAIL, NAME, PHONE, PLANTED, action, chat, fresh
from tests.e2e.running import Served, hearing, serving

NOT_JUDGED = {
    "malformed": {"body": b'{"messages": ["' + MAIL.encode()},
    "key-twice": {"body": b'{"messages": [], "messages": ["' + MAIL.encode() + b'"]}'},
    "not-utf-8": {"body": chat(MAIL)[:-2] + b"\xff"},
    "empty": {"body": b""},
    "byte-order-mark": {"body": b"\xef\xbb\xbf" + chat(MAIL)},
    "wrong-format": {"format": pb.FORMAT_ANTHROPIC_MESSAGES, "body": b'{"prompt": "' + MAIL.encode() + b'"}'},
    "chat-as-gemini": {"format": pb.FORMAT_GEMINI_GENERATE_CONTENT, "body": chat(MAIL)},
    "no-format": {"format": pb.FORMAT_UNSPECIFIED, "body": chat(MAIL)},
    "unknown-tenant": {"tenant": "nobody", "body": chat(MAIL)},
    "20-megabytes": {"body": chat(MAIL * 700_000)},
    "40-megabytes": {"body": chat(MAIL * 1_400_000)},
    "too-deep": {"body": b'{"messages":' + b"[" * 200 + b"]" * 200 + b"}"},
}


def case(**fields: object) -> Case:
    """Return a letter of a shop to DeepSeek's own API, which gets it with pseudonyms."""
    known: dict[str, object] = {
        "about": "",
        "tenant": "shop",
        "model": "deepseek-v4-pro",
        "provider": "deepseek",
        "region": "",
        "format": pb.FORMAT_OPENAI_CHAT,
        "body": chat(LETTER),
    }
    return Case(**{**known, **fields})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sidecar whose parts are taken away."""
    with serving(tmp_path_factory.mktemp("upstream"), policy={"timeout_ms": 2000}) as running:
        yield running


@pytest.fixture
async def house(behind: Served) -> AsyncIterator[tuple[Gateway, Upstream]]:
    """A gateway between it and a model."""
    with hearing(behind.addresses[0]) as ears:
        await asyncio.to_thread(ears.until_it_serves)
    async with SidecarClient(behind.addresses[0]) as client, Upstream() as upstream:
        yield Gateway(client, upstream.url), upstream


async def test_round_trip(house: tuple[Gateway, Upstream]) -> None:
    """The model sees pseudonyms, the client its own words."""
    gateway, upstream = house
    exchange = await gateway.handle(case(), 1)
    assert [exchange.answer.body] == upstream.received
    assert [] == [value for value in PLANTED if value in upstream.received[0].decode()]
    assert all(value in content_of(exchange.reply) for value in (NAME, MAIL, PHONE))


@pytest.mark.parametrize("fields", NOT_JUDGED.values(), ids=NOT_JUDGED.keys())
async def test_what_is_not_judged_is_not_forwarded(house: tuple[Gateway, Upstream], fields: dict[str, object]) -> None:
    """Every error ends at the gateway."""
    gateway, upstream = house
    with pytest.raises(SidecarRefusedError):
        await gateway.handle(case(**fields), 2)
    assert [] == upstream.received


async def test_block_is_not_forwarded(house: tuple[Gateway, Upstream]) -> None:
    """The client gets the refusal, the model nothing."""
    gateway, upstream = house
    exchange = await gateway.handle(case(tenant="ministry"), 3)
    assert "block" == action(exchange.answer)
    assert content_of(exchange.reply)
    assert [] == upstream.received


@pytest.mark.parametrize("part", ["opa", "worker"])
async def test_part_that_is_lost(behind: Served, house: tuple[Gateway, Upstream], part: str) -> None:
    """While a part dies and comes back, the model receives what was judged, and nothing else."""
    gateway, upstream = house

    async def one(number: int) -> bytes | None:
        try:
            exchange = await gateway.handle(case(body=fresh(LETTER)), 1000 + number)
        except SidecarRefusedError:
            return None
        return exchange.answer.body

    tasks = []
    for number in range(60):
        tasks.append(asyncio.create_task(one(number)))
        if number == 20:
            os.kill(behind.opa if part == "opa" else behind.workers[0], signal.SIGKILL)
        await asyncio.sleep(0.01)
    judged = [body for body in await asyncio.gather(*tasks) if body is not None]
    assert sorted(judged) == sorted(upstream.received) or set(upstream.received) <= set(judged)
    assert [] == [value for body in upstream.received for value in PLANTED if value in body.decode()]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(octets=st.binary(max_size=60), place=st.integers(0, 200))
def test_any_damage(behind: Served, octets: bytes, place: int) -> None:
    """However a body is damaged: the model receives what the sidecar returned, or nothing at all."""

    async def run() -> None:
        whole = chat(LETTER)
        body = whole[:place] + octets + whole[place + len(octets) :]
        async with SidecarClient(behind.addresses[0]) as client, Upstream() as upstream:
            try:
                exchange = await Gateway(client, upstream.url).handle(case(body=body), hash((octets, place)))
            except SidecarRefusedError:
                assert [] == upstream.received
            else:
                assert [exchange.answer.body] == upstream.received

    asyncio.run(run())
