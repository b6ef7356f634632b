"""Finds what a list speaks of: by whole names that the catalog knows, never by a prefix."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sidecar.catalog.imports.interface import AliasList, Entry, Harvest, Host
from sidecar.catalog.names import Match, ModelNames, ProviderNames
from sidecar.catalog.tables import Tables

_MOVING = "latest"  # a name that its vendor moves from version to version teaches nothing


@dataclass(frozen=True, slots=True)
class Matched:
    """An entry whose model is known, and its provider where the list names one."""

    entry: Entry
    model: str
    provider: str


@dataclass(slots=True)
class Matches:
    """What was found, and what was not."""

    matched: list[Matched] = field(default_factory=list)
    hosts: list[tuple[Host, str]] = field(default_factory=list)
    unknown_models: list[tuple[Entry, str]] = field(default_factory=list)
    """With the provider's id, or nothing."""
    unknown_hosts: dict[str, Host] = field(default_factory=dict)
    doubts: set[str] = field(default_factory=set)
    """What a name means is not one thing: nothing is taken from there."""


class Names:
    """Names of models and providers, as the catalog has them before the import."""

    def __init__(self, tables: Tables) -> None:
        self._models = ModelNames(tables)
        self._providers = ProviderNames(tables.providers.values())
        self._prefixes = [(prefix, row.id) for row in tables.providers.values() for prefix in row.aliases.litellm]

    def match(self, harvest: Harvest) -> Matches:
        """Look up everything that was read."""
        matches = Matches()
        for host in harvest.hosts:
            found = self._providers.find(host.name)
            if found.id is not None:
                matches.hosts.append((host, found.id))
            elif found.several:
                matches.doubts.add(f"provider {host.name}: fits several of the catalog's")
            else:
                matches.unknown_hosts[host.name] = host
        for entry in harvest.entries:
            self._entry(entry, matches)
        return matches

    def model(self, name: str) -> Match:
        """Return the model that a name means anywhere."""
        return self._models.find(name)

    def free(self, name: str, model: str) -> bool:
        """Whether a name may come to mean a model: it means nothing so far, nor would it change what another means."""
        if self._models.find(name) != Match():
            return False
        rests = ((name.removeprefix(f"{prefix}/"), prefix, provider) for prefix, provider in self._prefixes)
        found = (self._models.find(rest, provider) for rest, prefix, provider in rests if name.startswith(f"{prefix}/"))
        return all(match in {Match(), Match(model)} for match in found)

    def _entry(self, entry: Entry, matches: Matches) -> None:
        provider = self._providers.find(entry.provider) if entry.provider else Match("")
        if provider.id is None:
            if provider.several:
                matches.doubts.add(f"provider {entry.provider}: fits several of the catalog's")
            else:
                matches.unknown_hosts.setdefault(entry.provider, Host(name=entry.provider, title=entry.provider))
            return
        found = [self._models.find(name, provider.id or None) for name in entry.names]
        models = {match.id for match in found if match.id is not None}
        if len(models) == 1:
            matches.matched.append(Matched(entry, models.pop(), provider.id))
        elif models or any(match.several for match in found):
            matches.doubts.add(f"model {entry.where}: fits several of the catalog's")
        else:
            matches.unknown_models.append((entry, provider.id))


def learned(matched: Sequence[Matched]) -> Iterator[tuple[AliasList, str, Matched]]:
    """Go through the names that entries would teach."""
    for match in matched:
        for alias_list, name in match.entry.aliases:
            if name.casefold().endswith(_MOVING):
                continue
            yield alias_list, name, match
