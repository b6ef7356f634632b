"""Keeps the event loop free: what costs time per character runs in a thread where there are many of them."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

INLINE_BYTES = 64 * 1024  # some milliseconds of scanning; a thread costs a tenth of one


async def aside(size: int, function: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Return what a pure function returns; ``size`` is how many bytes or characters it will go through."""
    if size <= INLINE_BYTES:
        return function(*arguments, **options)
    return await asyncio.to_thread(function, *arguments, **options)
