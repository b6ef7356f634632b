"""The fixture kit: tests of policies for people who do not write Rego.

A YAML file holds ``tenants`` (as in a tenants file) and ``fixtures``: given a tenant, a target and findings, expect an
action and codes. Each is put to the real engine with the real catalog.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sidecar.app.judging import Judge, Made
from sidecar.app.sources import vocabulary
from sidecar.config import Settings, explain_fault
from sidecar.errors import PolicyFault, UnknownTenant
from sidecar.identity.tenants import FileTenants, parse_tenants
from sidecar.policy.marked import Marked, read_marked
from sidecar.types.content import Direction
from sidecar.types.decisions import Allow, Block, Decision, Redact, Reroute
from sidecar.types.requests import Caller
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant

FOLDER = "fixtures"
_Words = Annotated[tuple[str, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Given(_Part):
    tenant: str
    target: str
    findings: _Words = ()
    candidates: _Words = ()
    attributes: dict[str, str] = Field(default_factory=dict)
    direction: Literal["request", "response"] = "request"
    day: date | None = Field(default=None, alias="date")


class _Expected(_Part):
    action: Literal["allow", "redact", "reroute", "block"]
    codes: _Words
    target: str | None = None
    redact: _Words | None = None
    notices: _Words | None = None
    waived: _Words | None = None


class _Row(_Part):
    name: Annotated[str, Field(min_length=1)]
    given: _Given
    expect: _Expected


@dataclass(frozen=True, slots=True)
class Fixture:
    """One question, ready to be put, and what must come out."""

    name: str
    place: str
    """``file:row``."""
    tenant: Tenant
    target: TargetName
    made: Made
    expected: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out: nothing to tell where it is what was expected."""

    fixture: Fixture
    difference: tuple[str, ...]
    """Lines: ``- expected``, ``+ decided``."""


def fixture_files(folders: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Return the files of the folders, with the names they have for people."""
    for folder in folders:
        for path in sorted((folder / FOLDER).rglob("*.y*ml")):
            yield path, path.relative_to(folder).as_posix()


def read_fixtures(path: Path, name: str, judge: Judge, settings: Settings) -> list[Fixture]:
    """Read a file of fixtures.

    Raises:
        PolicyFault: it is not as it must be, or names what is not there; all of it, by row.
        TenantsFault: its tenants are wrong.
    """
    file = read_marked(path, name)
    match file.value:
        case {"fixtures": list(rows), "tenants": dict(said), **rest} if not rest:
            pass
        case {"fixtures": list(rows), **rest} if not rest:
            said = {}
        case _:
            message = f"{name}:1: must hold `fixtures:`, a list, and may hold `tenants:`"
            raise PolicyFault(message, field="fixtures")
    own = parse_tenants(said, vocabulary(settings, judge.catalog), name) if said else None
    faults: list[str] = []
    fixtures = [
        fixture
        for position, row in enumerate(rows)
        for fixture in _fixture(row, _Place(file, position, faults), judge, (own, judge.tenants), settings)
    ]
    if faults:
        message = "the fixtures are wrong"
        raise PolicyFault(message, faults=faults, field="fixtures")
    return fixtures


async def run(fixture: Fixture, judge: Judge) -> Outcome:
    """Put one question, and compare."""
    decided = _told(await judge.judge(fixture.tenant, fixture.target, fixture.made))
    lines = [
        line
        for key, wanted in fixture.expected.items()
        if wanted != decided[key]
        for line in (f"- {key}: {wanted or '(none)'}", f"+ {key}: {decided[key] or '(none)'}")
    ]
    return Outcome(fixture, tuple(lines))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a fixture stands, and where its faults go."""

    file: Marked
    position: int
    faults: list[str]

    def complain(self, fault: str, *place: str | int) -> None:
        self.faults.append(f"{self.file.at(('fixtures', self.position, *place))}: {fault}")


def _fixture(
    row: object, place: _Place, judge: Judge, tenants: Sequence[FileTenants | None], settings: Settings
) -> Iterator[Fixture]:
    try:
        said = _Row.model_validate(row)
    except ValidationError as exc:
        for detail in exc.errors(include_input=False, include_url=False):
            place.complain(explain_fault(detail), *detail["loc"])
        return
    before = len(place.faults)
    tenant = _tenant(said.given.tenant, place, tenants)
    targets = [
        _target(text, place, judge, *where)
        for text, *where in (
            (said.given.target, "given", "target"),
            *((one, "given", "candidates") for one in said.given.candidates),
        )
    ]
    wanted = _target(said.expect.target, place, judge, "expect", "target") if said.expect.target is not None else None
    classes = vocabulary(settings, judge.catalog).classes
    for word in sorted(set(said.given.findings) - classes):
        place.complain(f"findings: there is no class {word}", "given", "findings")
    for word in sorted(_codes(said.expect) - set(judge.policy.rules)):
        place.complain(f"there is no rule {word}; `sidecar policy status` lists them", "expect")
    if tenant is None or len(place.faults) > before:
        return
    yield Fixture(
        name=said.name,
        place=place.file.at(("fixtures", place.position)),
        tenant=tenant,
        target=targets[0],
        made=Made(
            classes=said.given.findings,
            candidates=targets[1:],
            attributes=said.given.attributes,
            direction=Direction(said.given.direction),
            day=said.given.day,
        ),
        expected=_expected(said.expect, judge.catalog.card(wanted).id if wanted else None),
    )


def _tenant(name: str, place: _Place, tenants: Sequence[FileTenants | None]) -> Tenant | None:
    for known in tenants:
        try:
            if known is not None:
                return known.identify(name, Caller())
        except UnknownTenant:
            continue
    place.complain("tenant: neither in this file nor in tenants.path", "given", "tenant")
    return None


def _target(text: str, place: _Place, judge: Judge, *where: str) -> TargetName:
    try:
        return judge.catalog.parse(text)
    except ValueError:
        place.complain("must be MODEL@PROVIDER or MODEL@PROVIDER@REGION", *where)
        return TargetName("", "")


def _codes(expected: _Expected) -> set[str]:
    return {*expected.codes, *(expected.notices or ()), *(expected.waived or ())}


def _expected(said: _Expected, target: str | None) -> dict[str, str]:
    lists = {"codes": said.codes, "redact": said.redact, "notices": said.notices, "waived": said.waived}
    told = {key: ", ".join(sorted(words)) for key, words in lists.items() if words is not None}
    return {"action": said.action, **told, **({} if target is None else {"target": target})}


def _told(decision: Decision) -> dict[str, str]:
    """Return what may be expected of a decision, in the words of a fixture."""
    grounds, redact, target = decision.grounds, set[str](), ""
    match decision:
        case Allow():
            action, target = "allow", decision.target
        case Redact(redactions=redactions):
            action, target, redact = "redact", decision.target, {one.data_class for one in redactions}
        case Reroute(redactions=redactions):
            action, target, redact = "reroute", decision.target, {one.data_class for one in redactions}
        case Block():
            action = "block"
        case _:
            assert_never(decision)
    return {
        "action": action,
        "target": target,
        "codes": ", ".join(sorted({reason.code for reason in grounds.reasons})),
        "redact": ", ".join(sorted(redact)),
        "notices": ", ".join(sorted({notice.code for notice in grounds.notices})),
        "waived": ", ".join(sorted({one.code for one in grounds.waived})),
    }
