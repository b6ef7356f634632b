"""Finds models and providers by anybody's name for them, never by a part of one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sidecar.catalog.tables import Tables
from sidecar.catalog.target_rows import DeveloperRow, ModelRow, ProviderRow

_PLACEHOLDER = re.compile(r"\\\{[a-z]+\\\}")  # of a host such as {workspace}.cn-beijing.maas.aliyuncs.com, once escaped


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means: one id, several, or (neither) nothing."""

    id: str | None = None
    several: bool = False


_NOTHING = Match()
_SEVERAL = Match(several=True)


class _Index:
    """Names to the ids they mean, as written and with case folded."""

    def __init__(self) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._folded: dict[str, set[str]] = defaultdict(set)

    def add(self, name: str, target: str) -> None:
        self._exact[name].add(target)
        self._folded[name.casefold()].add(target)

    def get(self, name: str, *, folded: bool) -> set[str]:
        return self._folded.get(name.casefold(), set()) if folded else self._exact.get(name, set())


class ProviderNames:
    """Ids, the names of the usual lists, and API hosts. A name that several planes share means none of them."""

    def __init__(self, providers: Iterable[ProviderRow]) -> None:
        self._ids = _Index()
        self._names = _Index()
        self._hosts: list[tuple[re.Pattern[str], str]] = []
        for row in providers:
            self._ids.add(row.id, row.id)
            for alias in row.aliases.all():
                self._names.add(alias, row.id)
            for host in row.api_hosts:
                self._names.add(host, row.id)
                pattern, places = _PLACEHOLDER.subn("[a-z0-9-]+", re.escape(host))
                if places:
                    self._hosts.append((re.compile(pattern, re.IGNORECASE), row.id))

    def find(self, name: str) -> Match:
        """Return the provider that a name means: an id before an alias, as written before folded."""
        for folded in (False, True):
            for index in (self._ids, self._names):
                if found := index.get(name, folded=folded):
                    return _match(found)
        return _match({provider for pattern, provider in self._hosts if pattern.fullmatch(name)})


class ModelNames:
    """Ids, every list's names, and the bare form of an id where it means one model."""

    def __init__(self, tables: Tables) -> None:
        self._models = tables.models
        self._providers = tables.providers
        self._never = tables.no_single_model
        self._ids = _Index()
        self._listed = _Index()
        self._derived = _Index()
        for row in tables.models.values():
            self._ids.add(row.id, row.id)
            for alias in row.aliases.all():
                self._listed.add(alias, row.id)
            for name in _derived(row, tables.developers, self._never):
                self._derived.add(name, row.id)

    def find(self, name: str, provider: str | None = None) -> Match:
        """Return the model that a name means at a provider, or anywhere.

        An id means itself. Else a name in the provider's own namespace decides, so that what OpenRouter and a vendor
        both call ``chat`` can be two models; else the name must mean one model, or one that this provider serves.
        """
        if name.casefold() in self._never:
            return _SEVERAL
        for folded in (False, True):
            if found := self._ids.get(name, folded=folded):
                return _match(found)
            own = self._own(name, provider, folded=folded)
            if len(own) == 1:
                return _match(own)
            found = self._listed.get(name, folded=folded) or own
            if len(found) > 1 and provider is not None:
                served = {key for key in found if provider in self._models[key].hosts_read}  # an import settles nothing
                found = served if len(served) == 1 else found
            if found := found or self._derived.get(name, folded=folded):
                return _match(found)
        return _NOTHING

    def _own(self, name: str, provider: str | None, *, folded: bool) -> set[str]:
        if provider is None:
            return set()
        prefixes = self._providers[provider].aliases.litellm
        return {key for prefix in prefixes for key in self._listed.get(f"{prefix}/{name}", folded=folded)}


def _derived(row: ModelRow, developers: Mapping[str, DeveloperRow], never: frozenset[str]) -> Iterable[str]:
    bare = row.id.partition("/")[2]
    if bare.casefold() in never:
        return
    yield bare
    developer = developers.get(row.developer)
    for alias in developer.aliases if developer else ():
        yield f"{alias}/{bare}"


def _match(found: set[str]) -> Match:
    if len(found) > 1:
        return _SEVERAL
    return Match(next(iter(found))) if found else _NOTHING
