"""Reads waivers: what an operator lets a tenant do although a rule says no, who answers for it, and until when."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sidecar.policy.marked import Marked, read_marked
from sidecar.types.json import Json

FILE = "waivers.yaml"
ANY_TARGET = "*"
_KEYS = "rule, tenant, target, reason, approver, expires"

Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
TargetId = Callable[[str], str | None]
"""Gives the canonical id of a target in anybody's words, or None where the catalog knows no such target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One exception. Whatever it changes of a decision stands in the record, with all of this."""

    rule: str
    tenant: str
    target: str
    reason: str
    approver: str
    expires: date
    """The last day it holds."""
    place: str
    """``file:row``, for messages."""


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    rule: Line
    tenant: Line
    target: Line
    reason: Line
    approver: Line
    expires: date


def read_waivers(path: Path, name: str, faults: list[str]) -> Iterator[Waiver]:
    """Read a file ``waivers: [{rule, tenant, target, reason, approver, expires}]``, if it is there.

    Raises:
        PolicyFault: it cannot be read.
    """
    if not path.is_file():
        return
    file = read_marked(path, name)
    rows = file.value.get("waivers") if isinstance(file.value, Mapping) and set(file.value) == {"waivers"} else None
    if not isinstance(rows, list):
        faults.append(f"{name}:1: must be `waivers:` and a list")
        return
    for position, row in enumerate(rows):
        try:
            parsed = _Row.model_validate(row)
        except ValidationError as exc:
            faults.extend(_faults(file, position, exc))
        else:
            yield Waiver(**parsed.model_dump(), place=file.at(("waivers", position)))


def waiver_faults(
    waivers: Sequence[Waiver], *, codes: Sequence[str], unwaivable: Sequence[str], target_id: TargetId | None
) -> Iterator[str]:
    """Tell what waivers name that is not there, or that nobody may waive."""
    for waiver in waivers:
        if waiver.rule not in codes:
            yield f"{waiver.place}: rule: there is no rule of this code; `sidecar policy status` lists them"
        elif waiver.rule in unwaivable:
            yield f"{waiver.place}: rule: {waiver.rule} cannot be waived"
        if waiver.tenant == ANY_TARGET:
            yield f"{waiver.place}: tenant: a waiver is for one tenant"
        if waiver.target != ANY_TARGET and target_id is not None and target_id(waiver.target) is None:
            yield f"{waiver.place}: target: the catalog knows no such model@provider; `*` stands for every target"


def waiver_data(waivers: Sequence[Waiver], target_id: TargetId | None) -> dict[str, Json]:
    """Return what main reads: by tenant and rule, sorted, targets by their canonical ids."""
    tree: dict[str, dict[str, list[dict[str, Json]]]] = {}
    for waiver in sorted(waivers, key=lambda one: (one.tenant, one.rule, one.target, one.expires, one.reason)):
        known = None if target_id is None or waiver.target == ANY_TARGET else target_id(waiver.target)
        row: dict[str, Json] = {
            "target": known or waiver.target,
            "reason": waiver.reason,
            "approver": waiver.approver,
            "expires": waiver.expires.isoformat(),
        }
        tree.setdefault(waiver.tenant, {}).setdefault(waiver.rule, []).append(row)
    return {tenant: {**rules} for tenant, rules in tree.items()}


def _faults(file: Marked, position: int, exc: ValidationError) -> Iterator[str]:
    for detail in exc.errors(include_input=False, include_url=False, include_context=False):
        place = (*("waivers", position), *detail["loc"])
        field = ".".join(str(part) for part in detail["loc"]) or "the row"
        match detail["type"]:
            case "extra_forbidden":
                told = f"{field}: unknown; a waiver has {_KEYS}"
            case "missing":
                told = f"{field}: missing; a waiver has {_KEYS}"
            case "date_type" | "date_parsing" | "date_from_datetime_parsing":
                told = f"{field}: must be a day such as 2027-01-31"
            case _:
                told = f"{field}: must be one line of text"
        yield f"{file.at(place)}: {told}"
