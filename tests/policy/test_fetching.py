"""Where bundles come from."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from sidecar.errors import OperatorFault, PolicyFault
from sidecar.policy.archive import MAX_PACKED, pack
from sidecar.policy.fetching import DiskSource, HttpSource

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Answer], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start servers on loopback that answer as the test says."""
    runners: list[web.AppRunner] = []

    async def start(answer: Answer) -> str:
        application = web.Application()
        application.router.add_get("/{name:.*}", answer)
        runner = web.AppRunner(application)
        runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}/bundle.tar.gz"

    yield start
    for runner in runners:
        await runner.cleanup()


class TestHttp:
    async def test_what_was_taken_is_not_sent_again(self, serve: Serve) -> None:
        """A taken bundle's ETag goes out with the next question; one that was not taken is sent again."""
        seen: list[str] = []

        async def answer(request: web.Request) -> web.Response:
            seen.append(request.headers.get("If-None-Match", ""))
            if seen[-1] == '"one"':
                return web.Response(status=304)
            return web.Response(body=b"bundle", headers={"ETag": '"one"'})

        source = HttpSource(await serve(answer))
        assert b"bundle" == await source.poll()
        assert b"bundle" == await source.poll()
        source.taken()
        assert await source.poll() is None
        assert ["", "", '"one"'] == seen

    async def test_nothing_new_is_no_answer_to_a_first_question(self, serve: Serve) -> None:
        """A server that says 304 to somebody who has nothing gave nothing."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=304)

        with pytest.raises(PolicyFault, match="304"):
            await HttpSource(await serve(answer)).poll()

    async def test_a_token_is_read_at_each_question_and_follows_no_redirect(self, serve: Serve, tmp_path: Path) -> None:
        """A rotated token is used at once, and no other server ever sees it."""
        elsewhere: list[str] = []
        here: list[str] = []

        async def other(request: web.Request) -> web.Response:
            elsewhere.append(request.path)
            return web.Response(body=b"theirs")

        address = await serve(other)

        async def answer(request: web.Request) -> web.Response:
            here.append(request.headers["Authorization"])
            return web.Response(status=302, headers={"Location": address})

        token = tmp_path / "token"
        source = HttpSource(await serve(answer), token=token)
        for word in ("first", "second"):
            token.write_text(f"{word}\n")
            with pytest.raises(PolicyFault, match="302"):
                await source.poll()
        assert (["Bearer first", "Bearer second"], []) == (here, elsewhere)

    async def test_a_token_that_cannot_be_read_is_told_of_by_its_setting(self, serve: Serve, tmp_path: Path) -> None:
        """The server is not asked without it."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=b"bundle")

        with pytest.raises(OperatorFault) as caught:
            await HttpSource(await serve(answer), token=tmp_path / "none").poll()
        assert "policy.bundle.token" == caught.value.field

    @pytest.mark.parametrize("status", [204, 401, 403, 404, 500, 503])
    async def test_any_other_answer_is_none(self, status: int, serve: Serve) -> None:
        """Only a 200 brings a bundle; the fault names the status."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status)

        with pytest.raises(PolicyFault, match=str(status)):
            await HttpSource(await serve(answer)).poll()

    async def test_an_endless_answer_is_cut(self, serve: Serve) -> None:
        """No more is read than a bundle may have."""

        async def answer(request: web.Request) -> web.StreamResponse:
            stream = web.StreamResponse()
            await stream.prepare(request)
            while True:
                await stream.write(bytes(1 << 20))

        with pytest.raises(PolicyFault, match=str(MAX_PACKED)):
            await HttpSource(await serve(answer)).poll()

    async def test_nobody_there_is_a_fault_of_the_source(self) -> None:
        """A closed port is told as such."""
        with pytest.raises(PolicyFault, match="cannot be reached"):
            await HttpSource("http://127.0.0.1:9/bundle.tar.gz").poll()

    def test_its_name_holds_no_secret(self) -> None:
        """Neither user and password nor the query of an address are shown."""
        source = HttpSource("https://user:secret@policies.example:8443/b.tar.gz?sig=secret")
        assert "https://policies.example:8443/b.tar.gz" == source.name


class TestDisk:
    async def test_a_file_is_given_until_it_was_taken_and_when_it_changed(self, tmp_path: Path) -> None:
        """The same bytes are news only once."""
        path = tmp_path / "bundle.tar.gz"
        path.write_bytes(b"one")
        source = DiskSource(path)
        assert b"one" == await source.poll()
        source.taken()
        assert await source.poll() is None
        path.write_bytes(b"two")
        assert b"two" == await source.poll()

    async def test_a_folder_is_packed(self, tmp_path: Path) -> None:
        """A folder gives what an archive of its files would."""
        (tmp_path / "sidecar").mkdir()
        (tmp_path / "sidecar" / "main.rego").write_bytes(b"package sidecar\n")
        (tmp_path / "data.json").write_bytes(b"{}")
        expected = pack({"sidecar/main.rego": b"package sidecar\n", "data.json": b"{}"})
        assert expected == await DiskSource(tmp_path).poll()

    async def test_what_is_not_there_is_told(self, tmp_path: Path) -> None:
        """A missing file is a fault of the source, named by its setting."""
        with pytest.raises(PolicyFault) as caught:
            await DiskSource(tmp_path / "none").poll()
        assert "policy.bundle.source" == caught.value.field

    async def test_a_large_file_is_not_read(self, tmp_path: Path) -> None:
        """No more is read than a bundle may have."""
        path = tmp_path / "bundle.tar.gz"
        with path.open("wb") as file:
            file.truncate(MAX_PACKED + 1)
        with pytest.raises(PolicyFault, match="has more than"):
            await DiskSource(path).poll()
