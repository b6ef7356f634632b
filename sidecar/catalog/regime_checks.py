"""Checks regimes, measures and the words that they share."""

from collections.abc import Callable, Iterator

from sidecar.catalog.gather import Drafts
from sidecar.catalog.reading import Value
from sidecar.catalog.regime_rows import MeasureRow, RegimeRow, ThresholdRow, TransferRule
from sidecar.catalog.tables import Tables
from sidecar.types.countries import ISO_COUNTRIES

# Regimes whose list must be the EEA and a set of adequate countries
_ADEQUACY_SETS = {"EU-GDPR": "EU_ADEQUATE", "UK-GDPR": "UK_ADEQUATE", "CH-FADP": "CH_ADEQUATE"}
_NEEDED_SETS = {"EU27", "EEA"}


def check_regimes(drafts: Drafts, rows: Tables) -> Iterator[str]:
    """Yield every fault of regimes, measures and country sets."""

    def told(section: str, key: str) -> Callable[[str], str]:
        return lambda fault: f"{drafts.rows[section][key].file}: {section} {key}: {fault}"

    for missing in sorted(_NEEDED_SETS - set(rows.country_sets)):
        yield f"country_sets {missing}: must be there"
    for key in sorted(set(rows.classes) & set(rows.own_classes)):
        yield f"own_classes {key}: is a class of the regimes"
    for key, regime in rows.regimes.items():
        yield from map(told("regimes", key), _regime(regime, rows))
        yield from map(told("regimes", key), _unverified(regime, dict(drafts.rows["regimes"][key].fields)))
    for key, measure in rows.measures.items():
        yield from map(told("measures", key), _measure(measure, drafts, rows))


def _regime(row: RegimeRow, rows: Tables) -> Iterator[str]:
    rule, classes = row.transfer_rule, set(row.entity_classes)
    if classes - set(rows.classes):
        yield "entity_classes: not in classes"
    if row.verified != (row.evidence != "none"):
        yield "verified: does not go with evidence"
    if (rule.trigger == "border") != bool(rule.home_countries):
        yield "transfer_rule.home_countries: are for trigger border, and needed there"
    for name in ("home_countries", "allow_countries", "deny_countries", "equivalence_recognized"):
        listed = getattr(rule, name)
        if len(set(listed)) < len(listed):
            yield f"transfer_rule.{name}: repeats a country"
    yield from _mechanisms(rule, rows)
    yield from _adequacy(row, rule, rows)
    if classes and rule.default != "allow_unless" and not rule.mechanisms:
        yield "transfer_rule.mechanisms: nothing can cure it"
    yield from _classes(rule, classes, rows)


def _classes(rule: TransferRule, classes: set[str], rows: Tables) -> Iterator[str]:
    ways = {mechanism.id: mechanism for mechanism in rule.mechanisms}
    if len({item.data_class for item in rule.never}) < len(rule.never):
        yield "transfer_rule.never: two rows for one class"
    for item in rule.never:
        if item.data_class not in classes:
            yield "transfer_rule.never.class: not in entity_classes"
        if any(way not in ways or item.data_class in ways[way].cures.not_classes for way in item.exceptions):
            yield "transfer_rule.never.except: a mechanism that is not there or does not cover the class"
    if any(set(item.classes) - set(rows.classes) for item in rule.localization):
        yield "transfer_rule.localization.classes: not in classes"
    for threshold in rule.thresholds:
        yield from _threshold(threshold, classes, set(ways))


def _mechanisms(rule: TransferRule, rows: Tables) -> Iterator[str]:
    names = [mechanism.id for mechanism in rule.mechanisms]
    if len(set(names)) < len(names):
        yield "transfer_rule.mechanisms: two of one id"
    for mechanism in rule.mechanisms:
        if mechanism.id not in rows.mechanisms:
            yield f"transfer_rule.mechanisms.{mechanism.id}: not in mechanisms"
        if mechanism.cures.countries == ():
            yield f"transfer_rule.mechanisms.{mechanism.id}.cures.countries: empty"
        if set(mechanism.cures.not_classes) - set(rows.classes):
            yield f"transfer_rule.mechanisms.{mechanism.id}.cures.not_classes: not in classes"


def _adequacy(row: RegimeRow, rule: TransferRule, rows: Tables) -> Iterator[str]:
    listed = rule.allow_countries or rule.equivalence_recognized
    ways = {mechanism.id: mechanism for mechanism in rule.mechanisms}
    adequacy = ways.get("adequacy")
    if bool(listed) != (adequacy is not None):
        yield "transfer_rule.mechanisms: adequacy goes with a country list"
    elif adequacy is not None and (adequacy.cures.countries != listed or not adequacy.automatic):
        yield "transfer_rule.mechanisms.adequacy: cures what the list allows, automatically"
    excluded = set(adequacy.cures.not_classes) if adequacy else set()
    if excluded != set(rule.equivalence_excludes_entities):
        yield "transfer_rule.equivalence_excludes_entities: is not what adequacy leaves out"
    for country, condition in rule.conditional_countries.items():
        way = ways.get(condition.mechanism)
        covered = way.cures.countries if way else ()
        if (
            country not in ISO_COUNTRIES
            or country in listed
            or way is None
            or (covered != "any" and country not in covered)
        ):
            yield f"transfer_rule.conditional_countries.{country}: on the list, or its mechanism does not cover it"
    for country in rule.allow_until:
        if country not in listed:
            yield f"transfer_rule.allow_until.{country}: not on the list"
    extra = _ADEQUACY_SETS.get(row.id)
    if extra and set(rule.allow_countries) != {*rows.country_sets.get("EEA", ()), *rows.country_sets.get(extra, ())}:
        yield f"transfer_rule.allow_countries: is not EEA and {extra}"


def _threshold(row: ThresholdRow, classes: set[str], ways: set[str]) -> Iterator[str]:
    if set(row.classes) - classes:
        yield f"transfer_rule.thresholds.{row.id}.classes: not in entity_classes"
    if row.at_least is not None and row.above is not None:
        yield f"transfer_rule.thresholds.{row.id}: from and above exclude each other"
    lowest = row.at_least if row.at_least is not None else row.above
    if lowest is not None and row.below is not None and row.below <= lowest:
        yield f"transfer_rule.thresholds.{row.id}.below: an empty range"
    if row.together and not set(row.together.not_only) < set(row.classes):
        yield f"transfer_rule.thresholds.{row.id}.together: not among its classes, or all of them"
    if set(row.mechanisms) - ways:
        yield f"transfer_rule.thresholds.{row.id}.mechanisms: not among the regime's"


def _measure(row: MeasureRow, drafts: Drafts, rows: Tables) -> Iterator[str]:
    if {*row.target.developer} - {"*", *drafts.rows["developers"]}:
        yield "target.developer: not in developers"
    if set(row.target.provider) - set(drafts.rows["providers"]):
        yield "target.provider: not in providers"
    if set(row.binds.classes) - set(rows.classes):
        yield "binds.classes: not in classes"


def _unverified(row: RegimeRow, fields: Value) -> Iterator[str]:
    for path in row.unverified_fields:
        if not _reaches(fields, path.split(".")):
            yield "unverified_fields: names a field that does not exist"


def _reaches(value: Value, path: list[str]) -> bool:
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, tuple):
            value = next(
                (item for item in value if item == step or (isinstance(item, dict) and item.get("id") == step)), None
            )
            if value is None:
                return False
        else:
            return False
    return True
