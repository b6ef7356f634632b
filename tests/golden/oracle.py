"""What must stand against a target, by the readings of the design and the catalog's files: the slow twin of the rules.

Plain loops over plain rows, one function per rule, in no hurry.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sidecar.config import Operator
from sidecar.types.tenants import Tenant
from tests.golden.raw import UNKNOWN, Row, Target, countries_of, rows, table
from tests.golden.transfers import Asked, counted, stopped

NEEDS_NO_ACCEPTANCE = {"permissive", "weak-copyleft", "proprietary-api"}
STRENGTH = {"pseudonym": 1, "synthetic": 1, "hash": 1, "mask": 2, "generalize": 3, "remove": 4}


@dataclass(frozen=True, slots=True)
class Content:
    """What was found in a body, and what was not looked at."""

    classes: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    pictures: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """A tenant that would send some content to a target. ``target`` is None where nobody can say what is meant."""

    tenant: Tenant
    target: Target | None
    content: Content
    operator: Operator
    today: date
    purpose: str = ""
    counters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Objection:
    """One reason, without its prose. ``data_class`` is empty where redaction does not cure it."""

    code: str
    data_class: str
    basis: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must come out."""

    action: str
    denies: frozenset[Objection]
    asks: frozenset[Objection]
    redact: Mapping[str, int]
    """Class to the strength of its operator."""


def verdict(question: Question) -> Verdict:
    """Return what must come out where there are no candidates."""
    denies = frozenset(objections(question))
    asks = frozenset(wishes(question))
    fixed = question.content.fixed
    denies |= {wish for wish in asks if wish.data_class in fixed}
    asks = frozenset(wish for wish in asks if wish.data_class not in fixed)
    options = question.tenant.prefer
    may_redact = "redact" in options and "block" not in options[: options.index("redact")]
    curable = all(one.data_class and one.data_class not in fixed for one in denies)
    if denies and not (curable and may_redact):
        return Verdict("block", denies, frozenset(), {})
    redact = {one.data_class: operator(question, one.data_class, denies | asks) for one in denies | asks}
    return Verdict("redact" if redact else "allow", denies, asks, redact)


def operator(question: Question, data_class: str, reasons: frozenset[Objection]) -> int:
    """Return how strong the operator for a class must be: the strongest of what tenant, rule and law ask.

    What can be linked is no way where pseudonymized data would be stopped.
    """
    about = [one for one in reasons if one.data_class == data_class]
    asked = [STRENGTH[question.tenant.operators.get(data_class, "pseudonym")]]
    for one in about:
        regime = rows("regimes").get(one.basis)
        counts = regime is not None and "pseudonymized" in regime["entity_classes"]
        if (counts and one.basis not in question.tenant.pseudonymized_transfers) or one.code == "content.credential":
            asked.append(STRENGTH["remove"])
    linked = replace(question, content=Content(classes=("pseudonymized",)))
    if any(one.data_class == "pseudonymized" for one in objections(linked)):
        asked.append(STRENGTH["remove"])
    return max(asked)


def objections(question: Question) -> Iterator[Objection]:
    """Yield everything that stands against the target."""
    yield from content(question)
    tenant, target = question.tenant, question.target
    if target is None or not target.identified or not _hosts(tenant, target):
        yield Objection("identity.unidentified_target", "", "catalog")
        return
    for license_row in target.licenses:
        for code in sorted(set(license_codes(question, target, license_row))):
            yield Objection(code, "", license_row["id"])
    yield from origins(tenant, target)
    yield from measures(question, target)
    if not target.self_hosted:
        yield from recipient(question, target)


def recipient(question: Question, target: Target) -> Iterator[Objection]:
    """What stands against another party's target: where it is, what it keeps, whether it trains, and the regimes."""
    tenant, classes = question.tenant, question.content.classes
    if tenant.residency and not _resident(tenant, target):
        yield Objection("residency.allowed", "", "tenant.residency")
    if tenant.max_retention_days is not None:
        days = None if tenant.strict and "retention_days" in target.doubts else target.retention
        if days is None or days > tenant.max_retention_days:
            yield Objection("trust.retention", "", "tenant.max_retention_days")
    if target.trains or (tenant.strict and "trains_on_inputs" in target.doubts):
        for regime in tenant.regimes:
            for data_class in counted(tenant, regime, classes):
                yield Objection("trust.training", data_class, regime)
    asked = Asked(
        tenant=tenant,
        provider=target.provider["id"],
        places=frozenset(places(tenant, target)),
        today=question.today,
        purpose=question.purpose,
        counters=question.counters,
    )
    for code, data_class, regime in stopped(asked, classes):
        yield Objection(code, data_class, regime)


def wishes(question: Question) -> Iterator[Objection]:
    """Yield what should be taken out on the way to any outside target."""
    target = question.target
    outside = target is not None and target.identified and not target.self_hosted
    if outside and "credential" in question.content.classes:
        yield Objection("content.credential", "credential", "content")


def content(question: Question) -> Iterator[Objection]:
    """What was not looked at stands against every outside target, for tenants that must know what leaves."""
    tenant, target = question.tenant, question.target
    guarded = tenant.strict or any(rows("regimes")[regime]["entity_classes"] for regime in tenant.regimes)
    at_home = target is not None and target.identified and target.self_hosted and _hosts(tenant, target)
    if guarded and not at_home:
        if question.content.pictures:
            yield Objection("content.uninspected", "", "content")
        if not question.content.complete:
            yield Objection("content.incomplete", "", "content")


def license_codes(question: Question, target: Target, row: Row) -> Iterator[str]:
    """Yield the codes that one license brings."""
    tenant, offered = question.tenant, question.operator.offers_models_to_third_parties
    unknown = tenant.strict and (not row["verified"] or "license" in target.doubts)
    recalled = set(row.get("unverified_fields") or ()) if tenant.strict else set()

    def unread(name: str) -> bool:
        return unknown or name in recalled

    if tenant.commercial and (row["commercial_use"] == "no" or unread("commercial_use")):
        yield "license.noncommercial"
    if (unknown or row["class"] not in NEEDS_NO_ACCEPTANCE) and row["id"] not in tenant.accepted_licenses:
        yield "license.acceptance"
    if unread("territory") or _outside_territory(tenant, target, row):
        yield "license.territory"
    if unread("scale") or any(_too_large(tenant, limit) for limit in row.get("scale") or ()):
        yield "license.scale"
    if offered and (unread("hosting") or _offering_denied(question, target, row.get("hosting"))):
        yield "license.hosting"
    if unread("fields_of_use") or any(
        question.purpose in use["purposes"] or tenant.sector in use["sectors"]
        for one in row.get("fields_of_use") or ()
        if (use := table("fields_of_use").get(one["field"]))
    ):
        yield "license.field_of_use"
    effect = "unknown" if unread("output_training") else row["output_training"]["effect"]
    if question.purpose in table("fields_of_use")["output_training"]["purposes"] and effect in {
        "prohibited",
        "unknown",
    }:
        yield "license.output_training"


def _outside_territory(tenant: Tenant, target: Target, row: Row) -> bool:
    clause = row.get("territory")
    if not clause or (clause["multimodal_only"] and not target.multimodal):
        return False
    excluded = {country for place in clause["excluded"] for country in countries_of(place, of_europe="EU27")}
    tested = {tenant.country}
    if {"use_location", "output_location"} & set(clause["tested_against"]):
        tested |= set(tenant.user_countries)
    return bool(excluded & tested)


def _too_large(tenant: Tenant, limit: Row) -> bool:
    if limit["effect"] != "deny":
        return False
    sizes = {
        "monthly_active_users": tenant.monthly_active_users,
        "daily_active_users": tenant.monthly_active_users,
        "monthly_revenue_usd": tenant.monthly_revenue_usd,
        "yearly_revenue_usd": None if tenant.monthly_revenue_usd is None else 12 * tenant.monthly_revenue_usd,
    }
    size = sizes[limit["measure"]]
    return size is None or size > limit["limit"] or (size == limit["limit"] and limit["compare"] == "from")


def _offering_denied(question: Question, target: Target, clause: Row | None) -> bool:
    if clause is None or clause["effect"] != "deny":
        return False
    if clause["internal_use_exempt"] if target.self_hosted else clause["relay_exempt"]:
        return False
    revenue = question.operator.monthly_revenue_usd
    floor = clause["floor_usd_year"]
    return floor == 0 or revenue is None or 12 * revenue > floor


def origins(tenant: Tenant, target: Target) -> Iterator[Objection]:
    """The tenant's stance on countries that weights come from."""
    origin = {UNKNOWN} if tenant.strict and "origin" in target.doubts else target.origin
    for country, stance in tenant.origins.items():
        from_there = bool(origin & {country, UNKNOWN})
        hosted_there = {country, UNKNOWN} & {
            member for place in places(tenant, target) for member in countries_of(place, of_europe="EEA")
        }
        outside = not hosted_there and target.provider["kind"] != "aggregator"
        if from_there and (
            stance == "deny" or (stance == "self_hosted_or_hosted_outside" and not (target.self_hosted or outside))
        ):
            yield Objection("origin.stance", "", "tenant.origins")


def measures(question: Question, target: Target) -> Iterator[Objection]:
    """National acts that bind the tenant and are about this developer at this provider."""
    tenant = question.tenant
    for key, row in rows("measures").items():
        binds, about = row["binds"], row["target"]
        here = row["jurisdiction"] in {tenant.country, *tenant.subdivisions}
        bound = binds["sectors"] == "any" or tenant.sector in binds["sectors"]
        developers = {developer["id"] for developer in target.lineage} | {"*"}
        matches = bool(developers & set(about["developer"])) and (
            not about["provider"] or target.provider["id"] in about["provider"]
        )
        begun = _last_day(str(row["date"])) <= question.today.isoformat()
        if here and bound and matches and binds["force"] == "ban" and row["status"] == "in-force" and begun:
            for data_class in set(binds["classes"]) & set(question.content.classes) if binds["classes"] else [""]:
                yield Objection("measure.national", data_class, key)


def _last_day(moment: str) -> str:
    last = moment.rpartition("..")[2]
    return last + {len("2026"): "-12-31", len("2026-01"): "-31"}.get(len(last), "")


def places(tenant: Tenant, target: Target) -> Iterator[str]:
    """Yield every place that may see the data: where it is processed, and whose law reaches the operator."""
    if target.self_hosted:
        yield tenant.country
        return
    doubts = target.doubts if tenant.strict else set()
    yield from [UNKNOWN] if "processing_regions" in doubts else target.places
    yield UNKNOWN if "parent_jurisdiction" in doubts else target.provider["parent_jurisdiction"]


def _resident(tenant: Tenant, target: Target) -> bool:
    allowed = {country for place in tenant.residency for country in countries_of(place, of_europe="EU27")} - {UNKNOWN}
    doubted = tenant.strict and "processing_regions" in target.doubts
    regions = (UNKNOWN,) if doubted else target.places
    return all(set(countries_of(region, of_europe="EU27")) <= allowed for region in regions)


def _hosts(tenant: Tenant, target: Target) -> bool:
    return not target.self_hosted or tenant.self_hosted is None or target.model["id"] in tenant.self_hosted
