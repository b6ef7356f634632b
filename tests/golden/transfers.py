"""Which classes a regime stops on the way to some places: the slow twin of ``sidecar.lib.transfers``."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sidecar.types.tenants import Tenant, TransferMechanism
from tests.golden.raw import UNKNOWN, Row, countries_of, rows

ANYTHING = ""  # the class that stands for whatever the content is


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything besides the content that decides about a transfer."""

    tenant: Tenant
    provider: str
    places: frozenset[str]
    today: date
    purpose: str
    counters: Mapping[str, str]


def counted(tenant: Tenant, regime: str, classes: Iterable[str]) -> Iterator[str]:
    """Yield the classes of the content that a regime counts as its own."""
    for data_class in classes:
        released = data_class == "pseudonymized" and regime in tenant.pseudonymized_transfers
        if known_as(data_class) in rows("regimes")[regime]["entity_classes"] and not released:
            yield data_class


def known_as(data_class: str) -> str:
    """Return the name under which a regime knows a class."""
    return "contact" if data_class == "unclassified" else data_class


def stopped(asked: Asked, classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield code, class and regime of every transfer that is not permitted."""
    for key in asked.tenant.regimes:
        rule = rows("regimes")[key]["transfer_rule"]
        counts_anonymous = "anonymous" in rows("regimes")[key]["entity_classes"]
        closed = bool(rule.get("any_content")) and not permitted(asked, key, ANYTHING)
        if closed:
            yield "transfer.regime", "", key
        fewer_ways = {row["class"] for row in rule["never"]}
        for data_class in counted(asked.tenant, key, classes):
            known = known_as(data_class)
            if not bites(asked, key, known) or permitted(asked, key, known):
                continue
            if known in fewer_ways:
                yield "transfer.never", "" if counts_anonymous else data_class, key
            elif not closed:
                yield "transfer.regime", "" if counts_anonymous else data_class, key


def permitted(asked: Asked, regime: str, data_class: str) -> bool:
    """Whether every place may have the class."""
    countries = {country for place in asked.places for country in countries_of(place, of_europe="EEA")}
    return all(reachable(asked, regime, data_class, country) for country in countries)


def reachable(asked: Asked, regime: str, data_class: str, country: str) -> bool:
    """Whether a country may have the class: at home, by the authority's lists, or by a record of the tenant."""
    rule = rows("regimes")[regime]["transfer_rule"]
    at_home = country in rule["home_countries"]
    by_law = rule["trigger"] == "border" and (at_home or on_a_list(asked, rule, data_class, country))
    return by_law or recorded(asked, regime, data_class, country)


def on_a_list(asked: Asked, rule: Row, data_class: str, country: str) -> bool:
    """Whether the regime itself lets the class go there."""
    if any(data_class in row["classes"] and country not in row["countries"] for row in rule.get("localization") or ()):
        return False
    denied = rule.get("deny_countries") or ()
    not_denied = not denied or (country not in denied and country != UNKNOWN)
    if rule["default"] == "deny_if":  # whatever class: what is not denied there is not touched at all
        return not_denied
    if data_class in {row["class"] for row in rule["never"]} or not not_denied:
        return False
    if rule["default"] == "allow_unless":
        return True
    if country in (rule.get("allow_countries") or ()):
        until = (rule.get("allow_until") or {}).get(country)
        return until is None or asked.today.isoformat() <= str(until)
    recognized = country in (rule.get("equivalence_recognized") or ())
    return recognized and data_class not in (rule.get("equivalence_excludes_entities") or ())


def recorded(asked: Asked, regime: str, data_class: str, country: str) -> bool:
    """Whether the tenant's records carry the class there, with whatever else its part of the country asks for."""
    row = rows("regimes")[regime]
    rule = row["transfer_rule"]
    if country == UNKNOWN:
        return False
    if rule["default"] in {"deny_unless", "conditional"} and country in (rule.get("deny_countries") or ()):
        return False
    holding = {
        record.mechanism
        for record in asked.tenant.transfer_mechanisms
        if record.regime == regime and holds(asked, rule, record, data_class, country)
    }
    by_region = {one["id"]: f"{row['jurisdiction']}-{one['region']}" for one in rule["mechanisms"] if one.get("region")}
    besides = {name for name, part in by_region.items() if part in asked.tenant.subdivisions}
    return bool(holding - set(by_region)) and besides <= holding


def holds(asked: Asked, rule: Row, record: TransferMechanism, data_class: str, country: str) -> bool:
    """Whether one record covers the class there, today, for this purpose and provider."""
    mechanism = next(row for row in rule["mechanisms"] if row["id"] == record.mechanism)
    cures = mechanism["cures"]
    covered = {member for place in record.countries for member in countries_of(place, of_europe="EEA")}
    exceptions = [row["except"] for row in rule["never"] if row["class"] == data_class]
    return (
        mechanism.get("routine", True)
        and not mechanism.get("automatic", False)
        and str(mechanism.get("since") or "") <= asked.today.isoformat()
        and (not mechanism.get("purposes") or asked.purpose in mechanism["purposes"])
        and ("*" in record.providers or asked.provider in record.providers)
        and country in covered
        and (cures["countries"] == "any" or country in cures["countries"])
        and data_class not in (cures.get("not_classes") or ())
        and all(record.mechanism in names for names in exceptions)
        and (record.expires is None or asked.today <= record.expires)
        and not (mechanism.get("needs_expiry") and record.expires is None)
        and all(record.mechanism in tier["mechanisms"] for tier in tiers(asked, rule, data_class))
    )


def tiers(asked: Asked, rule: Row, data_class: str) -> Iterator[Row]:
    """Yield the rows of volumes that hold now and narrow the mechanisms for a class."""
    for row in rule.get("thresholds") or ():
        starts = row.get("from") is not None or row.get("above") is not None
        if row.get("mechanisms") and data_class in row["classes"] and (not starts or crossed(asked, row)):
            yield row


def bites(asked: Asked, regime: str, data_class: str) -> bool:
    """Whether the regime asks anything yet: rows of volumes that name no mechanism hold it back until crossed."""
    rows_of_volumes = rows("regimes")[regime]["transfer_rule"].get("thresholds") or ()
    gates = [row for row in rows_of_volumes if not row.get("mechanisms")]
    own = [row for row in gates if data_class in row["classes"]]
    return not gates or any(crossed(asked, row) for row in own or gates)


def crossed(asked: Asked, row: Row) -> bool:
    """Whether the counted volume has reached a row; what nobody counts is below."""
    ids = {name.partition("/")[2]: tier for name, tier in asked.counters.items()}
    tier = ids.get(row["id"], "below")
    return tier == "above" or (tier == "reached" and row.get("from") is not None)
