"""What a record names by digest instead of repeating it: tenants, cards, policies; each written out once."""

from collections import OrderedDict
from functools import lru_cache

from sidecar import facts
from sidecar.audit.record import Digested, digested
from sidecar.snapshot import Snapshot
from sidecar.types.targets import Card
from sidecar.types.tenants import Tenant

KEEP = 4096  # digests of tenants and policies; a few kilobytes each


class Evidence:
    """Remembers digests for as long as the snapshots that they belong to are asked about."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Digested] = OrderedDict()

    def tenant(self, snapshot: Snapshot, tenant: Tenant) -> Digested:
        """Return a tenant as it was judged."""
        key = (snapshot.config_revision, tenant.id)
        return self._kept.get(key) or self._keep(key, digested(facts.tenant_document(tenant)))

    def policy(self, snapshot: Snapshot) -> Digested:
        """Return the policy it was judged by."""
        key = ("policy", snapshot.policy.revision)
        rules = list(snapshot.policy.rules)
        return self._kept.get(key) or self._keep(key, digested({"revision": snapshot.policy.revision, "rules": rules}))

    def card(self, card: Card) -> Digested:
        """Return a card as the catalog had it; no day changes it."""
        return _digested_card(card)

    def _keep(self, key: tuple[str, str], document: Digested) -> Digested:
        self._kept[key] = document
        while len(self._kept) > KEEP:
            self._kept.popitem(last=False)
        return document


@lru_cache(maxsize=KEEP)
def _digested_card(card: Card) -> Digested:
    return digested(facts.card_document(card))
