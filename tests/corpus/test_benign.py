"""Harmless prompts go out as they came: a class that a regime lists is not seen where nobody's data is."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sidecar.app.running import Sidecar
from sidecar.types.content import Format
from sidecar.types.requests import Action
from tests.corpus.chats import Chat
from tests.corpus.house import Result, ask_all, tell

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOLDER = Path("tests/data/corpus/benign")
BY_THE_MODEL = frozenset({"SpacyRecognizer", "PersonRecognizer"})
MOST_BY_THE_MODEL = 3  # prompts in which a name is taken for somebody's


def benign() -> Iterator[Chat]:
    """Go through the prompts, each as an OpenAI chat."""
    for path in sorted(FOLDER.glob("*.txt")):
        for number, text in enumerate(path.read_text(encoding="utf-8").split("\n=== \n")):
            message = {"role": "user", "content": text.strip()}
            body = json.dumps({"model": "deepseek-chat", "messages": [message]}, ensure_ascii=False).encode()
            yield Chat(f"{path.stem}/{number}", Format.OPENAI_CHAT, body, ())


async def test_harmless_prompts_go_out_as_they_came(sidecar: Sidecar, capsys: pytest.CaptureFixture[str]) -> None:
    """For an EU tenant to DeepSeek's own API; false alarms are printed by recognizer."""
    prompts = list(benign())
    results = await ask_all(sidecar, prompts, "eu-removal")
    regimes = sidecar.snapshot.catalog.regimes()
    listed: Any = regimes["EU-GDPR"]["entity_classes"]
    alarms = {result.chat.name: found for result in results if (found := _alarms(result, {*listed, "credential"}))}
    counts = Counter(name for found in alarms.values() for name, _ in found)
    tell(capsys, f"{len(prompts)} harmless prompts, false alarms: {dict(counts) or 'none'}")
    by_patterns = {name: found for name, found in alarms.items() if any(one not in BY_THE_MODEL for one, _ in found)}
    assert 100 <= len(prompts)
    assert {} == by_patterns
    assert len(alarms) <= MOST_BY_THE_MODEL, alarms
    others = [result for result in results if result.chat.name not in alarms]
    assert [] == [one.chat.name for one in others if one.outcome.action is not Action.ALLOW]
    assert all(one.outcome.body == one.chat.body for one in others)


def _alarms(result: Result, classes: set[str]) -> list[tuple[str, str]]:
    """Return recognizer and what it took for somebody's data, of all findings that a regime lists."""
    text = json.loads(result.chat.body)["messages"][0]["content"]
    return [(one.recognizer, text[one.start : one.end]) for one in result.outcome.findings if one.data_class in classes]
