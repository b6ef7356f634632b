"""A sidecar that serves by signed bundles from a server, and what happens when the server gives something else."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import grpc
import pytest
import yaml

from tests.e2e.asking import question
from tests.e2e.running import Ears, hearing, run, serving, until, write_settings


class Shelf:
    """A server of one bundle, which the test may change."""

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.unchanged = 0
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shelf.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/bundle.tar.gz"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Give the bundle, or say that it is the one they have, or that there is none."""
        content = self.content
        if content is None:
            handler.send_error(503)
            return
        tag = f'"{hash(content)}"'
        same = handler.headers["If-None-Match"] == tag
        self.unchanged += same
        handler.send_response(304 if same else 200)
        handler.send_header("ETag", tag)
        handler.send_header("Content-Length", "0" if same else str(len(content)))
        handler.end_headers()
        if not same:
            handler.wfile.write(content)


@contextmanager
def shelved() -> Iterator[Shelf]:
    """Run a server for as long as the block lasts."""
    shelf = Shelf()
    thread = threading.Thread(target=shelf.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield shelf
    finally:
        shelf.server.shutdown()
        shelf.server.server_close()
        thread.join()


class Workshop:
    """Builds bundles with the command line, as a security team does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        assert 0 == run(["policy", "keys", "keys"], folder).returncode
        self.key = folder / "keys" / "bundle.pub.pem"

    def build(self, sequence: int, **policy: object) -> tuple[bytes, str]:
        """Return a bundle and its revision."""
        settings = self.folder / "build.yaml"
        settings.write_text(yaml.safe_dump({"policy": policy}))
        name = f"{sequence}.tar.gz"
        signing = ("--sign", "keys/bundle.pem", "--sequence", str(sequence))
        done = run(["policy", "build", "--config", settings, "--output", name, *signing], self.folder)
        assert 0 == done.returncode, done.stderr
        revision = done.stdout.decode().split("revision ")[1].split(",")[0]
        return (self.folder / name).read_bytes(), revision


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """One workshop for all tests."""
    return Workshop(tmp_path_factory.mktemp("bundles") / "workshop")


@pytest.fixture(scope="module")
def first(workshop: Workshop) -> tuple[bytes, str]:
    """The shipped policies."""
    return workshop.build(1)


@pytest.fixture(scope="module")
def second(workshop: Workshop) -> tuple[bytes, str]:
    """The same with a rule that only watches."""
    return workshop.build(2, shadow={"*": ["origin.stance"]})


def _served_by(ears: Ears, revision: str) -> bool:
    return ears.status().revisions.policy == revision


def _refused(ears: Ears) -> int:
    return ears.status().policy_bundle.refused


def test_a_bundle_is_taken_kept_and_refused_as_it_deserves(
    workshop: Workshop, first: tuple[bytes, str], second: tuple[bytes, str], tmp_path: Path
) -> None:
    """A new bundle takes over. A bad one, an older one and no answer leave the last good one, and the status says so.

    When nobody has confirmed it for longer than may be, nothing is decided until somebody does; and none of this is
    forgotten when the process starts again.
    """
    with shelved() as shelf:
        shelf.content = first[0]
        bundle = {"source": shelf.url, "key": str(workshop.key), "poll_seconds": 0.2}
        with serving(tmp_path, policy={"bundle": bundle, "max_age": 8}) as served, hearing(served.addresses[0]) as ears:
            ears.until_it_serves()
            told = ears.status()
            assert (first[1], 1, shelf.url, False) == (
                told.revisions.policy,
                told.policy_bundle.sequence,
                told.policy_bundle.source,
                told.policy_bundle.stale,
            )
            assert first[1] == ears.inspection.Inspect(question()).revisions.policy
            until(lambda: shelf.unchanged > 1, "a question that was answered with 304")

            shelf.content = second[0]
            until(lambda: _served_by(ears, second[1]), "the second bundle")
            assert ["origin.stance"] == list(ears.status().shadow_rules)
            assert second[1] == ears.inspection.Inspect(question()).revisions.policy

            for name, bad in (("tampered with", second[0][:-9]), ("older", first[0])):
                refused = _refused(ears)
                shelf.content = bad
                until(lambda: _refused(ears) > refused, f"a bundle {name}, refused")  # noqa: B023 - it is asked here
                told = ears.status()
                assert (second[1], 2) == (told.revisions.policy, told.policy_bundle.sequence)
                assert told.policy_bundle.last_refused
            assert "older than the one that was served last" in ears.status().policy_bundle.last_refused

            shelf.content = None
            until(lambda: not ears.serves(), "the end of patience with a silent server")
            assert ears.status().policy_bundle.stale
            with pytest.raises(grpc.RpcError) as caught:
                ears.inspection.Inspect(question())
            assert grpc.StatusCode.UNAVAILABLE == caught.value.code()
            assert "policy: its source has not confirmed it for longer than policy.max_age" in ears.status().troubles

            shelf.content = second[0]
            ears.until_it_serves()
            assert second[1] == ears.inspection.Inspect(question()).revisions.policy

        served.log.unlink()  # of the first life
        shelf.content = first[0]
        with (
            serving(tmp_path, policy={"bundle": bundle, "max_age": 600}) as served,
            hearing(served.addresses[0]) as ears,
        ):
            ears.until_it_serves()
            told = ears.status()
            assert (second[1], 2) == (told.revisions.policy, told.policy_bundle.sequence)
            assert "older than the one that was served last" in told.policy_bundle.last_refused


def test_a_sidecar_without_any_good_bundle_does_not_start(workshop: Workshop, tmp_path: Path) -> None:
    """Where nothing was served yet, there is nothing to fall back on: the start ends, and says whose fault it is."""
    unsigned = tmp_path / "unsigned.tar.gz"
    built = run(["policy", "build", "--output", unsigned], tmp_path)
    bundle = {"source": str(unsigned), "key": str(workshop.key)}
    done = run(["serve", "--config", write_settings(tmp_path, policy={"bundle": bundle})], tmp_path)
    assert (0, 2) == (built.returncode, done.returncode)
    assert b"the bundle is not signed" in done.stderr


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        ({"policy": {"bundle": {"source": "x.tar.gz"}}}, "policy.bundle.key: missing"),
        ({"policy": {"bundle": {"source": "http://policies.example/x"}}}, "policy.bundle.source: off loopback"),
        (
            {"policy": {"bundle": {"source": "x", "key": "k"}, "shadow": {"*": ["a.b"]}}},
            "policy.shadow: a bundle brings",
        ),
        (
            {"policy": {"bundle": {"source": "x", "key": "k"}}, "catalog": {"max_age_days": 3}},
            "catalog.max_age_days: a",
        ),
    ],
)
def test_settings_that_do_not_go_with_a_bundle_are_named(
    sections: dict[str, dict[str, object]], fault: str, tmp_path: Path
) -> None:
    """What the bundle brings cannot be stated beside it, and nothing unsigned is taken unless that is said."""
    done = run(["policy", "status", "--config", write_settings(tmp_path, **sections)], tmp_path)
    assert 2 == done.returncode
    assert fault in " ".join(done.stderr.decode().split())


def test_verbs_judge_by_the_bundle(workshop: Workshop, second: tuple[bytes, str], tmp_path: Path) -> None:
    """The command line asks the same bundle: status, and the catalog that is in it."""
    archive = tmp_path / "bundle.tar.gz"
    archive.write_bytes(second[0])
    settings = write_settings(tmp_path, policy={"bundle": {"source": str(archive), "key": str(workshop.key)}})
    done = run(["policy", "status", "--config", settings, "--output", "json"], tmp_path)
    assert (0, second[1]) == (done.returncode, json.loads(done.stdout)["revision"])
    checked = run(["tenants", "check", "--config", settings], tmp_path)
    assert 0 == checked.returncode, checked.stderr
