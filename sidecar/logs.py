"""Logging: JSON lines on standard error, with an allow-list of keys, so that no text can slip in by accident."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# What may stand in a log line. Everything here is an id, a code, a count or a word of ours; nothing is a caller's text.
ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "action",
        "address",
        "attempt",
        "code",
        "codes",
        "decision_id",
        "detail",
        "entities",
        "error",
        "fault",
        "faults",
        "field",
        "journal_id",
        "milliseconds",
        "part",
        "path",
        "pid",
        "reason",
        "records",
        "revision",
        "rpc",
        "seconds",
        "setting",
        "signal",
        "size",
        "status",
        "tenant",
        "version",
        "workers",
    }
)


def drop_unknown_keys(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the allow-list, and say which."""
    dropped = sorted(set(event) - ALLOWED)
    for key in dropped:
        del event[key]
    if dropped:
        event["fault"] = "dropped keys: " + ", ".join(dropped)
    return event


def configure(*, quiet: bool = False) -> None:
    """Set up logging for this process. ``quiet`` tells only of errors; foreign libraries never tell more."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(name)s", force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_unknown_keys,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger() -> structlog.typing.FilteringBoundLogger:
    """Return the logger."""
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return log
