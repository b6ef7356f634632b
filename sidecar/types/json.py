"""JSON documents as Python values."""

from collections.abc import Mapping, Sequence  # noqa: TC003 - the alias below is read at run time by typing tools
from typing import NoReturn, TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Document: TypeAlias = dict[str, "Json"]


class Settled(dict[str, "Json"]):
    """A document that nobody changes any more, so that what was made of it can be kept for as long as it lives.

    It refuses to be changed; what it holds must not be changed either. To go on from it, copy it: ``dict(settled)``.
    Compares like any document, and is told apart from others by identity.
    """

    __slots__ = ("__weakref__",)
    __hash__ = object.__hash__  # type: ignore[assignment]  # equal documents may be kept twice, and are never mixed up

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        message = "this document is settled"
        raise TypeError(message)

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Document], tuple[Document]]:
        return dict, (dict(self),)  # a copy is nobody's but the copier's
