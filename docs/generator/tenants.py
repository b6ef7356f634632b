"""Writes docs/tenants.md: the fields of the tenants file, and the words of the shipped catalog that they take."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docs.generator.settings import record
from docs.generator.tables import page, table
from docs.generator.types import words
from sidecar.catalog.load import load_catalog
from sidecar.identity.tenants import _MechanismRow, _TenantRow
from sidecar.terms import TermsRow
from sidecar.types.json import Document

EXAMPLE = """\
tenants:
  acme-eu:                          # the id that requests name
    country: DE
    sector: finance
    regimes: [EU-GDPR, PCI-DSS]
    user_countries: [DE, FR]
    monthly_active_users: 200000
    monthly_revenue_usd: 4000000
    accepted_licenses: [LicenseRef-Llama-3.3]
    transfer_mechanisms:
    - {regime: EU-GDPR, mechanism: scc, providers: [nebius], countries: [US], expires: 2027-06-30}
    origins: {CN: self_hosted_or_hosted_outside}
    prefer: [redact, reroute, block]
    candidates: [qwen3-32b@ovhcloud, deepseek-v4-flash-0731@scaleway]
    detection:
      allow: [info@acme.example]
      deny: {projects: [Bluebird, 무궁화]}
"""

_INTRODUCTION = """\
Who the customers are: one YAML file, which `tenants.path` of the [settings](settings.md) names. It is one map,
`tenants: {<id>: {...}}`; an id is 1 to 64 letters, digits, `_`, `.` and `-`. Unknown fields, unknown words and
a key that stands twice are refused, all faults together, and a reload with a fault changes nothing.

Only `country` and `sector` must be stated. What is left out binds nobody and promises nothing: a list is empty,
a switch is off, and a size or revenue is *unknown*, so that a license that sets a limit on it denies and says
which field to state. **Which laws bind a tenant is for you to say** (`regimes`): nothing is inferred from the
country, and `sidecar tenants check` only warns of regimes that would fit and are not listed."""

_MEANING = {
    "country": "Where the tenant is established.",
    "sector": "What it does; some regimes, measures and fields of use ask for it.",
    "subdivisions": "ISO 3166-2 codes, such as `CA-QC` or `US-TX`, for regimes and measures below the state.",
    "regimes": "The laws and standards that bind it; ids from the table below.",
    "commercial": "Whether it uses models commercially. `false` lets it use what is licensed for other uses alone.",
    "monthly_active_users": "Of all its products. Licenses with a limit ask for it.",
    "monthly_revenue_usd": "Of the whole company. Licenses with a limit ask for it.",
    "user_countries": "Where its users are. Some licenses exclude countries by this.",
    "accepted_licenses": (
        "Ids of licenses that somebody read and accepted. Community, OpenRAIL, research and unknown "
        "licenses must stand here."
    ),
    "transfer_mechanisms": "Records that a transfer is covered; see below.",
    "pseudonymized_transfers": (
        "Regimes for which the tenant has determined that pseudonyms are no personal data to a recipient "
        "without the key."
    ),
    "origins": (
        "What it thinks of models developed in a country. One that is not named is allowed. *Hosted outside* means "
        "that region and operator's parent are both known to be outside of that country."
    ),
    "residency": "Where inference must take place, whatever the content; `EU` is all 27 member states.",
    "self_hosted": "Models on its own hardware. Empty: none; left out: any open-weight model may be there.",
    "strict": (
        "Takes facts that are not verified as unknown, counts bare names, and denies what was not wholly inspected."
    ),
    "max_retention_days": "Longest time for which a provider may keep inputs. An unknown time is too long.",
    "prefer": (
        "What may be done where the requested target is not permitted as it is, in this order. What stands after "
        "`block` never happens, and what is left out is refused."
    ),
    "rank_by": "How candidates are ordered: the cheapest, the longest context, or as listed.",
    "operators": (
        "The least that is done to a class where it is redacted; a stronger one that law or rule asks for wins."
    ),
    "candidates": (
        "Targets for requests that name none: `model@provider` or `model@provider@region`, by any name "
        "the catalog knows."
    ),
    "bare_names": (
        "Whether a name without any other personal data around it counts as a person's. Left out: where `strict`."
    ),
    "detection": "What it adds to what is found in its own prompts; see below.",
}
_MECHANISM = {
    "regime": "The regime it cures `transfer.*` for.",
    "mechanism": "What was concluded, signed or filed; the regime must list it.",
    "providers": 'Who it was concluded with; `"*"` is anybody.',
    "countries": (
        "Where data may go under it: region and parent's country must both be among them. `EU` is all of the EEA."
    ),
    "expires": "The last day on which it holds. Some mechanisms must have one.",
}


def render() -> str:
    """Return the page."""
    catalog = load_catalog()
    classes: Any = catalog.policy_data()["classes"]
    return page(
        "tenants",
        "# Tenants",
        _INTRODUCTION,
        f"```yaml\n{EXAMPLE}```",
        "`sidecar tenants check --config FILE` reads the file that FILE's `tenants.path` names. A "
        "running sidecar reads it anew when it changes.",
        "## Fields",
        _fields(_TenantRow, _MEANING),
        "## A transfer mechanism",
        "It cures the reasons of `transfer.*` for one regime, for these providers, in these "
        "countries, until it expires.",
        _fields(_MechanismRow, _MECHANISM),
        "## Detection",
        "Comes to what the [settings](settings.md) say of `detection`, for this tenant's prompts alone. Records of "
        "`allow` and `deny` are those of `detection.allow` and `detection.deny`; here a deny list may only name a "
        "class that the catalog, `detection.classes` or a deny list of the settings knows. An allow list is no way "
        "around the operator's deny lists, nor around credentials, national identifiers, cards and accounts, "
        "unless it names the entity.",
        record(TermsRow),
        "## Regimes",
        "The shipped ones; an overlay (`catalog.overlay`) may add others. Mechanisms in brackets hold by themselves or "
        "for single cases only, so recording them cures nothing. All that is known of one stands in "
        "`sidecar/catalog/data/regimes/`.",
        table(("id", "what it is", "home", "mechanisms"), _regimes(catalog.regimes())),
        "## Classes",
        "What findings are sorted into; `operators` takes them, and regimes list the ones they protect.",
        table(("class", "what it is"), ((f"`{name}`", str(told)) for name, told in sorted(classes.items()))),
    )


def _fields(model: type[BaseModel], meaning: dict[str, str]) -> str:
    rows = [(f"`{name}`", words(field), _default(field), meaning[name]) for name, field in model.model_fields.items()]
    return table(("field", "takes", "left out", "what it says"), rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be given**"
    return "not stated" if field.default is None else f"`{json.dumps(field.default)}`"


def _regimes(regimes: Mapping[str, Document]) -> Iterator[tuple[str, str, str, str]]:
    for name, regime in regimes.items():
        mechanisms: Any = regime["mechanisms"]
        told = [
            f"`{key}`" if one["routine"] and not one["automatic"] else f"(`{key}`)" for key, one in mechanisms.items()
        ]
        yield f"`{name}`", str(regime["name"]), str(regime["jurisdiction"]), ", ".join(told)
