"""Settings: one YAML file, every key overridable from the environment, read once and frozen.

``SIDECAR_<SECTION>__<KEY>`` overrides ``section.key`` (``SIDECAR_POLICY__OPA__URL`` overrides ``policy.opa.url``);
lists and maps are given as JSON. Relative paths in the file are relative to the file. Unknown keys are refused, and
all faults are told together.
"""

import ipaddress
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails

from sidecar.errors import SettingsFault
from sidecar.terms import AllowRows, DenyRows
from sidecar.types.countries import ISO_COUNTRIES

ENVIRONMENT_PREFIX = "SIDECAR_"
CONFIG_VARIABLE = "SIDECAR_CONFIG"
_NO_SETTINGS = frozenset({CONFIG_VARIABLE, "SIDECAR_EVAL_DATA"})  # the latter names labeled texts for `make accuracy`
MAX_BODY_BYTES = 16 * 1024 * 1024  # the transport takes twice that, so that the answer to a larger body is ours
TRANSPORT_BYTES = 2 * MAX_BODY_BYTES


def _path(value: object, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        message = "must be a path"
        raise ValueError(message)
    base = (info.context or {}).get("base", Path())
    return Path(os.path.abspath(Path(base, Path(value).expanduser())))  # noqa: PTH100 - resolve() would follow links


FilePath = Annotated[Path, BeforeValidator(_path)]


def _several(value: object) -> object:
    return (value,) if isinstance(value, str | Path) else value


def _place(value: object, info: ValidationInfo) -> str:
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return value
    return str(_path(value, info))


Place = Annotated[str, BeforeValidator(_place)]
"""A path, or a URL of HTTP or HTTPS."""

FilePaths = Annotated[tuple[FilePath, ...], BeforeValidator(_several)]


def _country(code: str) -> str:
    if code not in ISO_COUNTRIES:
        message = "must be a country of ISO 3166-1 alpha-2"
        raise ValueError(message)
    return code


Country = Annotated[str, AfterValidator(_country)]


class _Section(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)


class Tls(_Section):
    """Certificates of the listeners."""

    certificate: FilePath
    """PEM chain that the server shows."""
    key: FilePath
    """PEM private key of it."""
    client_ca: FilePath | None = None
    """PEM roots; where set, clients must show a certificate that one of them signed."""


def is_loopback(host: str) -> bool:
    """Whether a host names this machine alone."""
    name = host.strip("[]")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class Server(_Section):
    """Where the sidecar listens."""

    listen: tuple[str, ...] = ("127.0.0.1:50551",)
    """`host:port` or `unix:PATH`, any number of them."""
    tls: Tls | None = None
    """Needed for TCP off loopback, unless `unsafe.plaintext`."""
    reflection: bool = False
    """Whether the gRPC reflection service answers."""
    drain_seconds: float = Field(default=20, ge=0)
    """How long requests in flight may take after SIGTERM."""


class TenantsSection(_Section):
    """Who the customers are."""

    path: FilePath | None = None
    """YAML file `tenants: {<id>: {...}}`."""


class CatalogSection(_Section):
    """What is known beyond the shipped catalog."""

    overlay: FilePath | None = None
    """YAML file or folder whose rows replace or extend shipped rows."""
    max_age_days: int | None = Field(default=None, ge=0)
    """Oldest facts by which a target may be judged (`identity.stale`); no limit by default."""


class Operator(_Section):
    """Who runs the gateway: license clauses for hosting services are judged against it."""

    country: Country | None = None
    """ISO 3166-1 alpha-2."""
    monthly_revenue_usd: int | None = Field(default=None, ge=0)
    """Of the group; unknown counts as above every floor."""
    offers_models_to_third_parties: bool = True
    """Whether customers outside the operator's own group call models through the gateway."""


class Opa(_Section):
    """The engine."""

    path: FilePath | None = None
    """The executable; by default beside the interpreter, then on PATH."""
    url: str | None = Field(default=None, pattern=r"^https?://")
    """A running OPA to ask, instead of a child of our own."""


class BundleSection(_Section):
    """A signed bundle of policies, data and catalog (`sidecar policy build`) in the place of files here."""

    source: Place | None = None
    """Path of the archive, or of a folder with what is in one, or its URL (HTTP or HTTPS, asked with ETag)."""
    key: FilePath | None = None
    """PEM public key that must have signed it; a URL needs one."""
    poll_seconds: float = Field(default=60, ge=0.1)
    """How often the source is asked."""
    token: FilePath | None = None
    """File with a bearer token for the URL; read at each request."""
    ca_file: FilePath | None = None
    """PEM roots for the URL; the system's by default."""


class Policy(_Section):
    """What decides."""

    path: FilePaths = ()
    """Folder, or list of folders: overlays (`sidecar policy init`) over a whole bundle, by default the shipped one."""
    bundle: BundleSection = BundleSection()
    max_age: float | None = Field(default=None, gt=0)
    """Seconds for which a bundle is served that its source does not confirm; no limit by default."""
    opa: Opa = Opa()
    timeout_ms: int = Field(default=250, gt=0)
    """How long one question may take."""
    max_candidates: int = Field(default=8, ge=0, le=64)
    """How many candidates are put to policy."""
    shadow: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Tenant id or `*` to codes (or `*`) of rules that only watch."""


class Detection(_Section):
    """What finds."""

    model: str | None = None
    """Name or path of the spaCy model; by default the better one of the English models that are installed."""
    recognizers: FilePath | None = None
    """Presidio recognizer registry (YAML), as it is. It adds custom recognizers, and predefined ones that find what
    ours do not or are given arguments. Ours never run twice and stay on; they take over thresholds and context words
    of the rows they stand for. Rows for other languages than the file's are left out with a warning."""
    classes: dict[str, str] = Field(default_factory=dict)
    """Entity to data class, over the shipped table."""
    threshold: float | dict[str, float] = 0.4
    """Lowest score after context that counts; a map sets it per entity, `default` for the rest. What the registry file
    says for one recognizer comes before it."""
    allow: AllowRows = ()
    """Values that are never findings: texts, or records as below."""
    deny: DenyRows = Field(default_factory=dict)
    """Lists of words that are always findings, by name: words, or records as below."""
    languages: tuple[str, ...] | None = None
    """Languages that names are read in; all that are installed by default."""
    workers: int | None = Field(default=None, ge=0)
    """Processes; as many as cores by default, 0 detects in a thread."""


class KeysSection(_Section):
    """Where root keys are."""

    path: FilePath | None = None
    """Folder with the keys; by default `keys/` beside the journal, made at the first start."""


def _state_folder() -> Path:
    base = os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()
    return Path(base, "inspection-sidecar")


class Audit(_Section):
    """Where the journal is."""

    path: FilePath = Field(default_factory=_state_folder)
    """Folder, made with mode 0700; `$XDG_STATE_HOME/inspection-sidecar` by default."""
    max_bytes: int | None = Field(default=None, gt=0)
    """Size at which the journal takes no more, and with it the sidecar."""


class Actions(_Section):
    """How decisions are carried out."""

    pseudonym_scope: Literal["request", "session", "tenant"] = "session"
    """Within what the same value gets the same pseudonym."""
    restoration_hours: float = Field(default=24, gt=0, le=24 * 365)
    """How long a restoration can be opened; fractions too."""
    operators: dict[Literal["hash", "mask", "generalize", "remove"], str] = Field(default_factory=dict)
    """Operators of your own, subclasses of `presidio_anonymizer.operators.Operator`, as `package.module:Class`."""


class Attributes(_Section):
    """What the gateway may tell rules."""

    allowed: tuple[str, ...] = ("purpose",)
    """Keys of `InspectRequest.attributes`."""


class Limits(_Section):
    """What is too much."""

    body_bytes: int = Field(default=MAX_BODY_BYTES, gt=0, le=MAX_BODY_BYTES)
    """Largest body."""
    queue: int = Field(default=256, ge=1)
    """Requests that may wait."""


class Routing(_Section):
    """Where requests may go instead."""

    candidates: tuple[str, ...] = ()
    """Target ids for tenants and requests that name none."""


class Unsafe(_Section):
    """Whatever weakens a guarantee, under its own name; logged at each start."""

    plaintext: bool = False
    """Listen without TLS off loopback, or ask an OPA or a server of bundles there without it."""
    older_bundle: bool = False
    """Take a bundle that is older than the last one that was served."""
    unsigned_bundle: bool = False
    """Take a bundle from a path without a key that must have signed it."""


class Settings(_Section):
    """All settings."""

    server: Server = Server()
    tenants: TenantsSection = TenantsSection()
    catalog: CatalogSection = CatalogSection()
    operator: Operator = Operator()
    policy: Policy = Policy()
    detection: Detection = Detection()
    keys: KeysSection = KeysSection()
    audit: Audit = Field(default_factory=Audit)
    actions: Actions = Actions()
    attributes: Attributes = Attributes()
    limits: Limits = Limits()
    routing: Routing = Routing()
    unsafe: Unsafe = Unsafe()


def load_settings(path: Path | None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings file, if any, and the environment over it.

    Raises:
        SettingsFault: the file cannot be read, or keys or values are wrong; all of them are named, none of the values.
    """
    environment = os.environ if environment is None else environment
    if path is None and environment.get(CONFIG_VARIABLE):
        path = Path(environment[CONFIG_VARIABLE])
    document = _read(path) if path is not None else {}
    faults: list[str] = []
    for variable, text in sorted(environment.items()):
        if variable.startswith(ENVIRONMENT_PREFIX) and variable not in _NO_SETTINGS:
            _override(document, variable, text, faults)
    base = path.resolve().parent if path is not None else Path.cwd()
    try:
        settings = Settings.model_validate(_tuples(document), context={"base": base})
    except ValidationError as error:
        faults.extend(explain_fault(detail) for detail in error.errors(include_input=False, include_url=False))
        settings = None
    if faults or settings is None:
        message = f"the settings are wrong ({path.name if path else 'environment'})"
        raise SettingsFault(message, faults=faults, advice="docs/settings.md lists every key")
    return settings


def explain_fault(detail: ErrorDetails) -> str:
    """Tell one fault by its field, without the value."""
    field = ".".join(str(part) for part in detail["loc"] if not str(part).startswith("function-"))
    if detail["type"] == "extra_forbidden":
        return f"{field}: unknown key"
    if detail["type"] == "missing":
        return f"{field}: missing"
    return f"{field}: {detail['msg'].removeprefix('Value error, ')}"


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_bytes())
    except OSError as error:
        message = f"the settings file cannot be read: {error.strerror}"
        raise SettingsFault(message, field="--config") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        message = "the settings file is not YAML" + (f", line {mark.line + 1}" if mark else "")
        raise SettingsFault(message, field="--config") from None
    if document is None:
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        message = "the settings file is not a map of sections"
        raise SettingsFault(message, field="--config")
    return document


def _override(document: dict[str, Any], variable: str, text: str, faults: list[str]) -> None:
    parts = variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
    if len(parts) < 2 or parts[0] not in Settings.model_fields:  # noqa: PLR2004 - a section and a key
        faults.append(f"{variable}: no such setting")
        return
    place = document
    for part in parts[:-1]:
        inner = place.get(part)
        if inner is None:
            inner = place[part] = {}
        if not isinstance(inner, dict):
            faults.append(f"{variable}: {'.'.join(parts[:-1])} is not a section")
            return
        place = inner
    place[parts[-1]] = _value(text)


def _value(text: str) -> object:
    """Read numbers, switches, null, lists and maps as JSON; anything else is a string."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _tuples(value: object) -> object:
    """Turn lists into tuples: the settings are frozen, and strict parsing takes no list for a tuple."""
    if isinstance(value, dict):
        return {key: _tuples(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_tuples(inner) for inner in value)
    return value
