"""What stands in a file that is inlined in a body: read in a worker, told to policy as fixed."""

import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

import pytest

from sidecar.clock import Deadline
from sidecar.errors import DeadlinePassed, DetectionUnavailable, SidecarError
from sidecar.keys import Keyring, init_keys
from sidecar.reading import OPENING_SECONDS
from sidecar.types.content import Format
from sidecar.types.decisions import Grounds, Redact, Redaction
from sidecar.types.requests import Action, Caller, InspectionRequest
from tests.payload.files import b64, docx, pdf
from tests.stories.fakes import InlineOffload, allow, block
from tests.stories.test_pipeline import CHAT, MAIL, NAME, ONE, House

T = TypeVar("T")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Keys of the test's own."""
    folder = tmp_path_factory.mktemp("files") / "keys"
    init_keys(folder)
    return Keyring.open(folder)


class CountingOffload(InlineOffload):
    """Counts what it is asked for, and breaks or hangs where a file is to be opened."""

    def __init__(self, error: SidecarError | None = None) -> None:
        self.opened = 0
        self.seconds: float | None = None
        self._error = error

    async def __call__(self, function: Callable[..., T], *arguments: object, deadline: Deadline) -> T:
        """Open, or do not."""
        if function.__name__ == "opened":
            self.opened += 1
            self.seconds = deadline.remaining()
            if self._error is not None:
                raise self._error
        return await super().__call__(function, *arguments, deadline=deadline)


def _content(house: House) -> list[dict[str, Any]]:
    """Return what policy was told of the content, each time it was asked."""
    return [cast("dict[str, Any]", facts["content"]) for facts in house.policy.asked]


def _body(*contents: bytes | str) -> bytes:
    parts = [
        {"type": "file", "file": {"file_data": f"data:application/octet-stream;base64,{b64(content)}"}}
        for content in contents
    ]
    message = {"role": "user", "content": [{"type": "text", "text": f"ask {NAME}"}, *parts]}
    return json.dumps({**CHAT, "messages": [message]}).encode()


@pytest.mark.parametrize("content", [pdf(f"to {MAIL}"), docx([f"to {MAIL[:4]}", MAIL[4:]])], ids=["pdf", "docx"])
async def test_what_is_found_in_a_file_is_fixed(keys: Keyring, content: bytes) -> None:
    """Policy is told that no operator reaches it; the finding names the string that the file is in."""
    house = House(keys, [block("transfer.regime")])
    outcome = await house.inspect(body=_body(content))
    (told,) = _content(house)
    assert {"classes": ["contact", "person_name"], "fixed": ["contact"], "uninspected": []} == {
        name: told[name] for name in ("classes", "fixed", "uninspected")
    }
    found = next(finding for finding in outcome.findings if finding.data_class == "contact")
    assert "/messages/0/content/1/file/file_data" == found.pointer
    written = json.loads(_body(content))["messages"][0]["content"][1]["file"]["file_data"]
    assert b64(content) == written[found.start : found.end]
    assert outcome.complete


async def test_what_is_found_in_an_inlined_text_is_redacted(keys: Keyring) -> None:
    """It is no file that only a parser can read: it is written again, and nothing is fixed."""
    redact = Redact(target="acme/one@host", redactions=(Redaction("contact", "remove"),), grounds=Grounds())
    house = House(keys, [redact, allow()])
    outcome = await house.inspect(body=_body(f"to {MAIL}, as we wrote to you"))
    assert Action.REDACT is outcome.action
    assert outcome.body == _body("to [removed: contact], as we wrote to you")
    assert [[], []] == [content["fixed"] for content in _content(house)]


async def test_around_a_file_all_else_is_redacted(keys: Keyring) -> None:
    """The file keeps its bytes, and is not opened twice for the second look."""
    redact = Redact(target="acme/one@host", redactions=(Redaction("person_name", "remove"),), grounds=Grounds())
    offload = CountingOffload()
    house = House(keys, [redact, allow()], offload=offload)
    content = pdf("nothing of anyone <PERSON_AAAAAAAAAA>")
    outcome = await house.inspect(body=_body(content))
    assert (Action.REDACT, 1) == (outcome.action, offload.opened)
    assert outcome.body == _body(content).replace(NAME.encode(), b"[removed: person_name]")


@pytest.mark.parametrize(
    "error", [DetectionUnavailable("lost"), DeadlinePassed("late")], ids=["parser-broke", "parser-hung"]
)
async def test_a_file_whose_parser_fails_is_not_inspected(keys: Keyring, error: SidecarError) -> None:
    """Policy decides about what was not looked at; the request itself is judged."""
    offload = CountingOffload(error)
    house = House(keys, [block("content.uninspected")], offload=offload)
    outcome = await house.inspect(body=_body(pdf(MAIL)))
    told = _content(house)[0]["uninspected"]
    assert [("document", "application/octet-stream")] == [(part["kind"], part["media_type"]) for part in told]
    assert (False, OPENING_SECONDS) == (outcome.complete, offload.seconds)


async def test_the_callers_deadline_is_the_callers(keys: Keyring) -> None:
    """Where it comes before a file is open, the request is not judged."""
    house = House(keys, [allow()], offload=CountingOffload(DeadlinePassed("late")))
    request = InspectionRequest(
        tenant="acme",
        target=ONE,
        format=Format.OPENAI_CHAT,
        body=_body(pdf(MAIL)),
    )
    with pytest.raises(DeadlinePassed):
        await house.pipeline.inspect(request, Caller(), Deadline(house.clock, 0))
    assert [] == house.journal.entries
