"""Puts a snapshot together from what files say, keys and the detector."""

import hashlib
from collections.abc import Callable

from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.actions.seal import MapSealer
from sidecar.app.sources import Sources
from sidecar.clock import Clock
from sidecar.config import Settings
from sidecar.detection.interface import Detector
from sidecar.identity.tenants import FileTenants
from sidecar.keys import Keyring
from sidecar.policy.cache import CachedEngine
from sidecar.policy.engine import OpaEngine
from sidecar.policy.fresh import FreshEngine
from sidecar.policy.interface import PolicyEngine
from sidecar.snapshot import Snapshot


def build_snapshot(
    settings: Settings,
    sources: Sources,
    *,
    keys: Keyring,
    detector: Detector,
    clock: Clock,
    is_fresh: Callable[[], bool] | None = None,
) -> Snapshot:
    """Return everything a request is judged with; ``is_fresh`` tells whether the policies may still be served."""
    policy = remembering(sources.engine, clock)
    return Snapshot(
        tenants=sources.tenants,
        catalog=sources.catalog,
        policy=policy if is_fresh is None else FreshEngine(policy, is_fresh=is_fresh),
        detector=detector,
        keys=keys,
        redactor=SpanRedactor(Pseudonyms(keys), Operators(settings.actions.operators)),
        sealer=MapSealer(keys=keys, clock=clock, hours=settings.actions.restoration_hours),
        operator=settings.operator,
        attributes=frozenset(settings.attributes.allowed),
        candidates=sources.candidates,
        max_candidates=settings.policy.max_candidates,
        config_revision=_digest(settings, sources.tenants),
        since=clock.now(),
    )


def remembering(engine: OpaEngine, clock: Clock) -> PolicyEngine:
    """Return an engine that need not be asked the same twice, where it is known what its bundle reads."""
    return engine if engine.reads is None else CachedEngine(engine, reads=engine.reads, clock=clock)


def _digest(settings: Settings, tenants: FileTenants) -> str:
    document = settings.model_dump_json() + tenants.revision
    return hashlib.sha256(document.encode()).hexdigest()[:16]
