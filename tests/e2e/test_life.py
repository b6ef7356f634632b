"""Listeners, health, reflection, status, TLS, expiry, and a drain that loses nothing."""

import datetime as dt
import ipaddress
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from sidecar.integrations.client import SidecarClient, SidecarRefusedError
from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import CHINA, LETTER, MAIL, Refused, action, chat, question, refused
from tests.e2e.running import PATIENCE, Ears, Served, command, hearing, serving, silenced, until

SERVICES = ("", "sidecar.v1.InspectionService", "sidecar.v1.StatusService")


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sidecar")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "server.pem", folder / "server.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sidecar with TLS on every address, no reflection, and restorations of about a second."""
    folder = tmp_path_factory.mktemp("guarded")
    certificate, key = make_certificate(folder)
    with serving(
        folder,
        server={"listen": ["0.0.0.0:0"], "tls": {"certificate": str(certificate), "key": str(key)}},
        actions={"restoration_hours": 0.0003},
    ) as running:
        yield running


@pytest.fixture
def secure(guarded: Served) -> Iterator[Ears]:
    """A channel that trusts its certificate."""
    credentials = grpc.ssl_channel_credentials((guarded.folder / "server.pem").read_bytes())
    with hearing(_reachable(guarded), credentials) as ears:
        yield ears


def _reachable(served: Served) -> str:
    return f"127.0.0.1:{served.addresses[0].rpartition(':')[2]}"


def services(ears: Ears) -> list[str]:
    """Ask reflection for the services there are."""
    asked = reflection_pb2.ServerReflectionRequest(list_services="")
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(ears.channel)
    answers = stub.ServerReflectionInfo(iter([asked]), timeout=PATIENCE)
    return sorted(one.name for answer in answers for one in answer.list_services_response.service)


class TestListeners:
    """One sidecar on a Unix socket and a TCP port."""

    def test_both_give_the_same_answer(self, served: Served) -> None:
        """It does not matter which way a request comes."""
        assert ["unix", "127.0.0.1"] == [address.partition(":")[0] for address in served.addresses]
        for address in served.addresses:
            with hearing(address) as ears:
                assert "allow" == action(ears.inspection.Inspect(question(), timeout=PATIENCE))

    def test_socket_is_for_owner_and_group(self, served: Served) -> None:
        """Others cannot connect."""
        mode = Path(served.addresses[0].removeprefix("unix:")).stat().st_mode
        assert 0o660 == stat.S_IMODE(mode)
        assert 0o700 == stat.S_IMODE((served.folder / "audit").stat().st_mode)

    async def test_python_client(self, served: Served) -> None:
        """The client that ships says the same, and raises what was refused."""
        async with SidecarClient(served.addresses[0]) as client:
            assert "allow" == action(await client.inspect(question()))
            assert "opa 1.22.2 managed" == (await client.status()).policy_engine
            with pytest.raises(SidecarRefusedError) as caught:
                await client.inspect(question(body=b""))
        assert ("INVALID_ARGUMENT", "AMBIGUOUS_BODY", "body") == (
            caught.value.code,
            caught.value.reason,
            caught.value.field,
        )

    def test_tls(self, secure: Ears) -> None:
        """Off loopback it speaks TLS."""
        assert "allow" == action(secure.inspection.Inspect(question(), timeout=PATIENCE))

    def test_in_the_clear_where_tls_is_spoken(self, guarded: Served) -> None:
        """A client without TLS gets nothing."""
        with hearing(_reachable(guarded)) as ears:
            assert "UNAVAILABLE" == refused(lambda: ears.inspection.Inspect(question(), timeout=PATIENCE)).code


class TestHealth:
    """The standard health service, per service."""

    @pytest.mark.parametrize("service", SERVICES)
    def test_serves(self, ears: Ears, service: str) -> None:
        """Each service is known by its name."""
        until(lambda: ears.serves(service), "SERVING")

    def test_unknown_service(self, ears: Ears) -> None:
        """A service that is not there is not found."""
        assert "NOT_FOUND" == refused(lambda: ears.serves("sidecar.v1.Nothing")).code


class TestReflection:
    """Off unless configured."""

    def test_on(self, ears: Ears) -> None:
        """It lists what is served."""
        assert {"sidecar.v1.InspectionService", "sidecar.v1.StatusService"} <= set(services(ears))

    def test_off(self, secure: Ears) -> None:
        """It is not there."""
        assert "UNIMPLEMENTED" == refused(lambda: services(secure)).code


def test_status(ears: Ears) -> None:
    """What is enforced, by its revisions, rules, recognizers and engines."""
    status = ears.status()
    assert [] == list(status.troubles)
    assert ["en", "de", "fr", "es", "it", "pt", "nl", "zh", "ko", "ja"] == list(status.languages)
    assert ("0.1.0", "", "opa 1.22.2 managed") == (status.version, status.last_refused_reload, status.policy_engine)
    assert "gemini.generate_content" in status.formats
    assert status.ner_engine.partition(":")[0] in {"native", "spacy"}
    assert ["core_web", "korean.crf", "lac-2.1.2", "sudachidict"] == sorted(
        word for word in ("core_web", "korean.crf", "lac-2.1.2", "sudachidict") if word in " ".join(status.models)
    )
    assert {"transfer.regime", "license.territory", "identity.unidentified_target"} <= set(status.rules)
    assert sorted(status.rules) == list(status.rules)
    assert "EmailRecognizer" in status.recognizers
    revisions = status.revisions
    assert all((revisions.policy, revisions.catalog, revisions.detector, revisions.config, status.journal_id))
    answer = ears.inspection.Inspect(question(), timeout=PATIENCE)
    assert revisions == answer.revisions
    assert status.journal_size + 1 == ears.status().journal_size
    assert 0 < status.since.ToSeconds() <= time.time()


def test_restoration_that_has_expired(secure: Ears) -> None:
    """After restoration_hours, of which fractions count, values stay where they are."""
    answer = secure.inspection.Inspect(question(tenant="shop", target=CHINA, body=chat(LETTER)), timeout=PATIENCE)
    asked = pb.RestoreRequest(
        tenant="shop",
        decision_id=answer.decision_id,
        restoration=answer.restoration,
        format=pb.FORMAT_OPENAI_CHAT,
        body=answer.body,
    )
    until(lambda: _is_refused(secure, asked), "expiry")
    assert Refused("FAILED_PRECONDITION", "RESTORATION_EXPIRED", "restoration", retry=False) == refused(
        lambda: secure.inspection.Restore(asked, timeout=PATIENCE)
    )
    opening = pb.RestoreStreamRequest.Open(
        tenant="shop", decision_id=answer.decision_id, restoration=answer.restoration, format=pb.FORMAT_TEXT
    )
    steps = [pb.RestoreStreamRequest(open=opening), pb.RestoreStreamRequest(chunk=b"<")]
    assert (
        "RESTORATION_EXPIRED"
        == refused(lambda: list(secure.inspection.RestoreStream(iter(steps), timeout=PATIENCE))).reason
    )


def _is_refused(ears: Ears, asked: pb.RestoreRequest) -> bool:
    try:
        ears.inspection.Restore(asked, timeout=PATIENCE)
    except grpc.RpcError:
        return True
    return False


def test_deadline(served: Served, ears: Ears) -> None:
    """The caller's deadline ends the call, and nothing is recorded as decided."""
    before = ears.status().journal_size
    with silenced(served):
        told = refused(lambda: ears.inspection.Inspect(question(body=chat(MAIL)), timeout=0.7))
    assert "DEADLINE_EXCEEDED" == told.code
    assert "allow" == action(ears.inspection.Inspect(question(), timeout=PATIENCE))
    assert before + 1 == ears.status().journal_size


def test_drain(tmp_path: Path) -> None:
    """On SIGTERM what is in flight is answered, nothing new is taken, and nobody and nothing stays behind."""
    with serving(tmp_path) as ending, hearing(ending.addresses[0]) as ears:
        ears.until_it_serves()
        everybody = ending.everybody
        commands = " ".join(command(pid) for pid in everybody)
        assert "--server" in commands
        assert "zygote" in commands
        with silenced(ending):
            slow = ears.inspection.Inspect.future(question(), timeout=PATIENCE)
            time.sleep(1)  # until it is with OPA; were it later, it would be refused, and the test would say so
            ending.send(signal.SIGTERM)
            until(lambda: '"draining"' in ending.said, "the drain")
            with hearing(ending.addresses[0]) as late:
                assert "UNAVAILABLE" == refused(lambda: late.inspection.Inspect(question(), timeout=PATIENCE)).code
            assert not slow.done()
        assert "allow" == action(slow.result())
        assert 0 == ending.wait()
    assert not Path(ending.addresses[0].removeprefix("unix:")).exists()
    until(lambda: not [pid for pid in everybody if command(pid)], "the end of all children")
    assert [] == list((tmp_path / "tmp").iterdir())
    assert "Traceback" not in ending.said


def test_killed_sidecar_leaves_nobody_behind(tmp_path: Path) -> None:
    """Even where it is killed its children end; the next start takes over its socket and its journal."""
    with serving(tmp_path) as killed:
        everybody = killed.everybody
        killed.process.kill()
        killed.process.wait()
        until(lambda: not [pid for pid in everybody if command(pid)], "the end of all children")
    (tmp_path / "serve.log").unlink()
    with serving(tmp_path) as again, hearing(again.addresses[0]) as ears:
        ears.until_it_serves()
        assert "allow" == action(ears.inspection.Inspect(question(), timeout=PATIENCE))
