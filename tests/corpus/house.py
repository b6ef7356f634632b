"""A sidecar on its real parts, asked in process, and what it made of each chat."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sidecar.app.running import Sidecar
from sidecar.clock import Deadline, SystemClock
from sidecar.config import load_settings
from sidecar.enactment import Enactor
from sidecar.reading import Reader
from sidecar.types.content import Format, Inspection
from sidecar.types.requests import Action, Caller, InspectionRequest, Outcome
from sidecar.types.targets import TargetName
from tests.corpus.chats import Chat

AT_ONCE = 6
CHINA = TargetName("deepseek/deepseek-v3.2", "deepseek", "")
AMERICA = TargetName("meta/llama-3.3-70b-instruct", "together", "")
ALONE: Mapping[str, Any] = {
    "sector": "finance",
    "user_countries": ["DE"],
    "prefer": ["redact", "block"],
    "accepted_licenses": ["LicenseRef-Llama-3.3"],
}
TENANTS: Mapping[str, Mapping[str, Any]] = {
    "eu-pseudonyms": {**ALONE, "country": "DE", "regimes": ["EU-GDPR"], "pseudonymized_transfers": ["EU-GDPR"]},
    "eu-removal": {**ALONE, "country": "DE", "regimes": ["EU-GDPR"]},
    "us-mixed": {
        **ALONE,
        "country": "US",
        "sector": "health",
        "user_countries": ["US"],
        "regimes": ["US-HIPAA"],
        "monthly_active_users": 1_000,
        "monthly_revenue_usd": 100_000,
        "operators": {
            "contact": "mask",
            "person_name": "hash",
            "dob": "generalize",
            "health": "synthetic",
            "national_id": "mask",
            "card_pan": "mask",
            "online_id": "generalize",
        },
    },
}

_looks: ContextVar[list[int]] = ContextVar("looks")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one chat."""

    chat: Chat
    outcome: Outcome
    rounds: int
    """How often something was taken out: the looks at the body after the first."""


class CountingReader:
    """A reader that counts how often the texts of a request are looked at again."""

    def __init__(self, inner: Reader) -> None:
        self._inner = inner
        self.read = inner.read

    async def inspect(self, *arguments: Any, **named: Any) -> Inspection:  # noqa: ANN401 - passed on
        """Count, and look."""
        _looks.get([]).append(1)
        return await self._inner.inspect(*arguments, **named)


@asynccontextmanager
async def corpus_sidecar(folder: Path) -> AsyncIterator[Sidecar]:
    """Open a sidecar for the three tenants."""
    (folder / "tenants.yaml").write_text(json.dumps({"tenants": TENANTS}), encoding="utf-8")
    settings = {
        "tenants": {"path": str(folder / "tenants.yaml")},
        "audit": {"path": str(folder / "audit")},
        "detection": {"workers": 2},
        "policy": {"timeout_ms": 10_000},  # a busy machine is no reason to refuse
    }
    (folder / "sidecar.yaml").write_text(json.dumps(settings), encoding="utf-8")
    async with Sidecar(load_settings(folder / "sidecar.yaml", {}), clock=SystemClock()) as sidecar:
        counting: Any = CountingReader(sidecar.pipeline._reader)
        sidecar.pipeline._enactor = Enactor(reader=counting)
        yield sidecar


async def ask(sidecar: Sidecar, chat: Chat, tenant: str, target: TargetName = CHINA) -> Result:
    """Have one chat judged; chats of a group are one session."""
    looks: list[int] = []
    _looks.set(looks)
    request = InspectionRequest(
        tenant=tenant,
        target=target,
        format=chat.format,
        body=chat.body,
        request_id=chat.name,
        session_id=chat.name.partition("/")[0],
    )
    outcome = await sidecar.pipeline.inspect(request, Caller(), Deadline(SystemClock(), None))
    return Result(chat, outcome, len(looks))


async def ask_all(sidecar: Sidecar, chats: Iterable[Chat], tenant: str, target: TargetName = CHINA) -> list[Result]:
    """Have all judged, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(chat: Chat) -> Result:
        async with gate:
            return await ask(sidecar, chat, tenant, target)

    return await asyncio.gather(*(one(chat) for chat in chats))


def summary(tenant: str, results: Sequence[Result]) -> str:
    """Return the counts, in words."""
    actions = Counter(result.outcome.action for result in results)
    rounds = Counter(result.rounds for result in results)
    return (
        f"{tenant}: {len(results)} chats, {actions[Action.REDACT]} redacted, {len(residual(results))} residual blocks, "
        f"{actions[Action.BLOCK] - len(residual(results))} other blocks; rounds "
        + ", ".join(f"{count} x {number}" for number, count in sorted(rounds.items()))
    )


def residual(results: Sequence[Result]) -> list[str]:
    """Return the names of chats that were blocked by the second look, and why."""
    return [
        f"{result.chat.name}: {', '.join(sorted({f'{one.code}/{one.data_class}' for one in result.outcome.reasons}))}"
        for result in results
        if any(one.code.startswith("residual.") for one in result.outcome.reasons)
    ]


def reply(chat: Chat, text: str) -> bytes:
    """Return a model's answer that says ``text``, in the chat's API."""
    if chat.format is Format.OPENAI_CHAT:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}).encode()
    block = {"type": "text", "text": text}
    return json.dumps({"id": "x", "type": "message", "role": "assistant", "content": [block]}).encode()


def said(chat: Chat, body: bytes) -> str:
    """Return what an answer of :func:`reply` says."""
    document = json.loads(body)
    if chat.format is Format.OPENAI_CHAT:
        return str(document["choices"][0]["message"]["content"])
    return str(document["content"][0]["text"])


def tell(capsys: pytest.CaptureFixture[str], words: str) -> None:
    """Print a count where a person sees it: standard error comes through from pytest's workers too."""
    with capsys.disabled():
        sys.stderr.write(f"\n{words}\n")
