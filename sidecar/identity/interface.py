"""What the stories may ask about tenants."""

from collections.abc import Iterator
from typing import Protocol

from sidecar.types.requests import Caller
from sidecar.types.tenants import Tenant


class Tenants(Protocol):
    """The tenants of one snapshot."""

    @property
    def revision(self) -> str:
        """Digest of all of them."""
        ...

    def identify(self, name: str, caller: Caller) -> Tenant:
        """Return the tenant that ``caller`` may speak for.

        Raises:
            UnknownTenant: there is none of that name, or it is not this caller's.
        """
        ...

    def __iter__(self) -> Iterator[Tenant]:
        """Go through all tenants, by id."""
        ...
