"""What counts as an answer, and what is asked again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sidecar.errors import PolicyFault, PolicyUnavailable
from sidecar.policy.opa_client import ANSWER_BYTES, OpaClient, checked_url
from tests.policy.fakes import DROP, HANG, FakeOpa, http

RESULT = {"result": {"action": "allow"}}


@pytest.fixture
async def client(fake_opa: FakeOpa) -> AsyncIterator[OpaClient]:
    """A client of the fake."""
    client = await OpaClient.at_url(fake_opa.url)
    yield client
    await client.close_connection()


async def test_whole_json_is_an_answer(client: OpaClient, fake_opa: FakeOpa) -> None:
    """The body arrives whole, and the input went out as one document."""
    fake_opa.says = {"a/b": http(RESULT)}
    assert RESULT == await client.query("a/b", {"x": [1, "é"]})
    assert [{"input": {"x": [1, "é"]}}] == fake_opa.questions


async def test_undefined_is_handed_on(client: OpaClient) -> None:
    """HTTP 200 without a result is an answer; the parser refuses it."""
    assert {} == await client.query("misspelled")


@pytest.mark.parametrize(
    "said",
    [
        http(RESULT, status=500),
        http(RESULT, status=201),
        http(RESULT, status=404),
        http(RESULT, status=503),
        http(b"HTTP/1.1", status=307),
        http(b'{"result": {"action": "allow"}'),
        http(b""),
        http(b"\xff\xfe"),
        http(b"[" * 100_000),
        http(RESULT, length=1000) + b"\x00",
        http(b"0" * (ANSWER_BYTES + 1)),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
    ids=[
        "500",
        "201",
        "404",
        "503",
        "307",
        "cut JSON",
        "empty",
        "not UTF-8",
        "deep",
        "short body",
        "huge",
        "cut head",
        "not HTTP",
    ],
)
async def test_anything_else_is_none(client: OpaClient, fake_opa: FakeOpa, said: bytes) -> None:
    """Whatever is not HTTP 200 with whole JSON raises PolicyUnavailable."""
    fake_opa.says = {"a": said}
    fake_opa.keeps_alive = False
    with pytest.raises(PolicyUnavailable):
        await client.query("a")


async def test_the_text_of_an_evaluation_error_stays_out(
    client: OpaClient, fake_opa: FakeOpa, capsys: pytest.CaptureFixture[str]
) -> None:
    """OPA quotes values in its errors; ours and the log name only the place in the policies."""
    errors = [
        {
            "message": "to_number: hunter2",
            "code": "eval_builtin_error",
            "location": {"file": "a.rego", "row": 7, "col": 1},
        }
    ]
    fake_opa.says = {"a": http({"code": "internal_error", "message": "hunter2", "errors": errors}, status=500)}
    with pytest.raises(PolicyUnavailable) as raised:
        await client.query("a")
    logged = "".join(capsys.readouterr())
    assert "OPA answered with HTTP status 500" == str(raised.value)
    assert "a.rego:7" in logged
    assert "hunter2" not in logged


async def test_errors_are_not_asked_again(client: OpaClient, fake_opa: FakeOpa) -> None:
    """An evaluation error would only come again, later."""
    fake_opa.says = {"a": http({}, status=500)}
    with pytest.raises(PolicyUnavailable):
        await client.query("a")
    assert ["a"] == fake_opa.asked


async def test_a_dropped_connection_is_asked_again_once(client: OpaClient, fake_opa: FakeOpa) -> None:
    """A kept connection that the server closed costs one more question."""
    fake_opa.says = {"a": [DROP, http(RESULT)], "b": DROP}
    assert RESULT == await client.query("a")
    with pytest.raises(PolicyUnavailable):
        await client.query("b")
    assert ["a", "a", "b", "b"] == fake_opa.asked


async def test_nobody_listens(tmp_path: Path) -> None:
    """A refused port and a missing socket are both no answer."""
    for client in (await OpaClient.at_url("http://127.0.0.1:1"), await OpaClient.on_socket(tmp_path / "none")):
        with pytest.raises(PolicyUnavailable):
            await client.query("a")
        await client.close_connection()


async def test_giving_up_closes_the_connection(client: OpaClient, fake_opa: FakeOpa) -> None:
    """Cancellation hangs up, which is how OPA learns to stop."""
    fake_opa.says = {"a": HANG}
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.query("a")
    async with asyncio.timeout(5):
        await fake_opa.left.wait()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "opa",
        "ftp://opa",
        "http://",
        "http://user:secret@opa",
        "http://opa?x=1",
        "http://opa#x",
        "http://opa:99999",
        "http://[::1",
    ],
)
def test_urls_that_will_not_do(url: str) -> None:
    """Only a server and a path: credentials would end up in GetStatus."""
    with pytest.raises(PolicyFault) as raised:
        checked_url(url)
    assert "policy.opa.url" == raised.value.field
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["http://opa", "https://opa:8181/base", "http://[::1]:8181"])
def test_urls_that_will(url: str) -> None:
    """Host or address, port and path are free; a closing slash is dropped."""
    assert url == checked_url(url + "/")


async def test_a_ca_file_that_cannot_be_read(tmp_path: Path) -> None:
    """It stops the start, with the field named."""
    with pytest.raises(PolicyFault) as raised:
        await OpaClient.at_url("https://opa", ca_file=tmp_path / "none.pem")
    assert "policy.opa.url" == raised.value.field
