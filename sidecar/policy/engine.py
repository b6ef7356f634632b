"""OPA as a policy engine: a child of our own with one bundle, or one that somebody else runs."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sidecar.clock import Deadline
from sidecar.errors import DeadlinePassed, PolicyUnavailable, SidecarError
from sidecar.policy.bundle import Bundle, assemble
from sidecar.policy.decision import Question, parse_decision
from sidecar.policy.described import Described
from sidecar.policy.opa_binary import OpaBinary, find_opa
from sidecar.policy.opa_client import OpaClient, checked_url
from sidecar.policy.opa_process import START_SECONDS, OpaProcess
from sidecar.policy.reads import FactPath
from sidecar.policy.smoke import FACTS, check_smoke
from sidecar.policy.sources import shipped_policies
from sidecar.policy.waivers import TargetId
from sidecar.types.decisions import Decision
from sidecar.types.json import Document

DECISION = "sidecar/main/decision"
BUNDLE = "sidecar/bundle"
SHADOW = "sidecar/config/shadow"
SMOKE_SECONDS = 1.0  # a question of health is more patient than a request: a busy OPA is not a dead one


class OpaEngine:
    """The policy engine of one snapshot."""

    def __init__(
        self,
        client: OpaClient,
        *,
        timeout_ms: int,
        process: OpaProcess | None,
        described: Described | None,
        name: str,
        version: str,
        reads: frozenset[FactPath] | None = None,
    ) -> None:
        """Use :func:`start_engine` or :func:`connect_engine`.

        ``process`` is the child where it is ours. ``described`` and ``reads`` are None, and ``version`` empty, where an
        OPA of somebody else has yet to be asked.
        """
        self._client = client
        self._seconds = timeout_ms / 1000
        self._process = process
        self._described = described
        self._name = name
        self._version = version
        self._reads = reads
        self._asking = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False

    @property
    def revision(self) -> str:
        """Digest of the bundle with its data; empty while a remote OPA has not been reached."""
        return self._described.revision if self._described else ""

    @property
    def rules(self) -> Sequence[str]:
        """Codes of all rules, sorted; empty while a remote OPA has not been reached."""
        return self._described.rules if self._described else ()

    @property
    def shadow_rules(self) -> Sequence[str]:
        """``code`` or ``tenant:code``."""
        return self._described.shadow_rules if self._described else ()

    @property
    def engine(self) -> str:
        """OPA's version, and ``managed`` or the address it was given."""
        return " ".join(part for part in ("opa", self._version, self._name) if part)

    @property
    def reads(self) -> frozenset[FactPath] | None:
        """What of the facts the bundle reads; None where the modules are not ours to look at."""
        return self._reads

    @property
    def alive(self) -> bool:
        """Whether the child runs and has passed the smoke decision."""
        return not self._closing and self._process is not None and self._process.alive

    @property
    def pid(self) -> int | None:
        """The child's process id, where there is a child."""
        return self._process.pid if self._process else None

    async def decide(self, facts: Document, deadline: Deadline) -> Decision:
        """Ask for the decision on these facts, within ``policy.timeout_ms`` and what is left of the deadline.

        Raises:
            PolicyUnavailable: no HTTP 200 with whole JSON came in time, or the child is not ready.
            DeadlinePassed: the caller's deadline came first.
            PolicyAnswerRefused: an answer came and is not acceptable.
        """
        left = deadline.remaining()
        if left is not None and left <= 0:
            raise DeadlinePassed(_TOO_LATE)
        seconds = self._seconds if left is None else min(self._seconds, left)
        async with self._in_flight():
            if self._process is not None and not self._process.ready:
                message = "OPA is starting"
                raise PolicyUnavailable(message)
            try:
                async with asyncio.timeout(seconds):
                    return await self._judge(facts)
            except TimeoutError as error:
                if left is not None and left <= self._seconds:
                    raise DeadlinePassed(_TOO_LATE) from error
                message = "OPA gave no answer within policy.timeout_ms"
                raise PolicyUnavailable(message) from error

    async def healthy(self) -> bool:
        """Whether the smoke decision comes out."""
        if self._closing or (self._process is not None and not self._process.ready):
            return False
        try:
            async with self._in_flight():
                await self.smoke()
        except SidecarError:
            return False
        return True

    async def smoke(self) -> None:
        """Ask the smoke decision.

        Raises:
            PolicyUnavailable: no answer came.
            PolicyAnswerRefused: it is not the one that must come.
        """
        try:
            async with asyncio.timeout(SMOKE_SECONDS):
                check_smoke(await self._judge(FACTS), tuple(self.rules))
        except TimeoutError as error:
            message = "OPA gave no answer to the smoke decision"
            raise PolicyUnavailable(message) from error

    async def aclose(self) -> None:
        """Take no more questions, wait for those in flight, and end the child."""
        self._closing = True
        await self._idle.wait()
        await self._client.close_connection()
        if self._process is not None:
            await self._process.stop()

    async def _judge(self, facts: Document) -> Decision:
        described = self._described or await self._learn()
        body = await self._client.query(DECISION, facts)
        if self._process is None and _revision(body) != described.revision:
            described = await self._learn()  # its operator has loaded another bundle since
        return parse_decision(body, Question.of(facts, rules=described.rules, revision=described.revision))

    async def _learn(self) -> Described:
        bundle = await self._client.query(BUNDLE, provenance="true")
        self._described = Described.by_data(bundle, await self._client.query(SHADOW))
        self._version = _provenance(bundle)
        return self._described

    @asynccontextmanager
    async def _in_flight(self) -> AsyncIterator[None]:
        if self._closing:
            message = "this policy has been replaced"
            raise PolicyUnavailable(message)
        self._asking += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._asking -= 1
            if not self._asking:
                self._idle.set()


async def start_engine(
    *,
    catalog_data: Document,
    shadow: Mapping[str, Sequence[str]],
    timeout_ms: int,
    max_age_days: int | None = None,
    policies: Path | None = None,
    overlays: Sequence[Path] = (),
    target_id: TargetId | None = None,
    opa: Path | None = None,
    contract: Path | None = None,
) -> OpaEngine:
    """Assemble and check a bundle, start a child with it, and return once the smoke decision came out.

    ``policies`` is the shipped folder by default, and ``overlays`` lie over it. The child dies with the thread that
    runs the loop.

    Raises:
        PolicyFault: there is no OPA, the bundle will not do, or the smoke decision did not come out.
    """

    def prepare() -> tuple[OpaBinary, Bundle]:
        binary = find_opa(opa)
        folder = policies or shipped_policies()
        bundle = assemble(
            folder,
            opa=binary,
            catalog_data=catalog_data,
            shadow=shadow,
            overlays=overlays,
            target_id=target_id,
            max_age_days=max_age_days,
            contract=contract,
        )
        return binary, bundle

    binary, bundle = await asyncio.to_thread(prepare)
    return await run_bundle(bundle, opa=binary, timeout_ms=timeout_ms)


async def run_bundle(bundle: Bundle, *, opa: OpaBinary, timeout_ms: int, patience: float = START_SECONDS) -> OpaEngine:
    """Start a child with a bundle, and return once the smoke decision came out, ``patience`` seconds at most.

    Raises:
        PolicyFault: it did not come out.
    """
    process = OpaProcess(opa=opa, bundle=bundle, patience=patience)
    client = await OpaClient.on_socket(process.socket)
    engine = OpaEngine(
        client,
        timeout_ms=timeout_ms,
        process=process,
        described=Described.by_bundle(bundle),
        name="managed",
        version=opa.version,
        reads=bundle.reads,
    )
    try:
        await process.start(engine.smoke)
    except BaseException:
        await client.close_connection()
        raise
    return engine


async def connect_engine(
    *, url: str, timeout_ms: int, ca_file: Path | None = None, token: str | None = None
) -> OpaEngine:
    """Return an engine that asks an OPA that somebody else runs; nothing is asked yet, so it need not be up.

    Raises:
        PolicyFault: the URL or the CA file will not do.
    """
    client = await OpaClient.at_url(url, ca_file=ca_file, token=token)
    return OpaEngine(client, timeout_ms=timeout_ms, process=None, described=None, name=checked_url(url), version="")


_TOO_LATE = "the deadline passed before OPA's answer"


def _revision(body: object) -> object:
    result = body.get("result") if isinstance(body, Mapping) else None
    return result.get("revision") if isinstance(result, Mapping) else None


def _provenance(body: object) -> str:
    provenance = body.get("provenance") if isinstance(body, Mapping) else None
    version = provenance.get("version") if isinstance(provenance, Mapping) else None
    return version if isinstance(version, str) else ""
