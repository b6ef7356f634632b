"""All rows of the catalog, by kind and id."""

from collections.abc import Mapping
from dataclasses import dataclass

from sidecar.catalog.license_rows import LicenseRow
from sidecar.catalog.regime_rows import FieldRow, MeasureRow, RegimeRow
from sidecar.catalog.target_rows import DeveloperRow, ModelRow, ProviderRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What the files say, shipped and overlaid, each row valid by itself."""

    licenses: Mapping[str, LicenseRow]
    developers: Mapping[str, DeveloperRow]
    models: Mapping[str, ModelRow]
    providers: Mapping[str, ProviderRow]
    regimes: Mapping[str, RegimeRow]
    measures: Mapping[str, MeasureRow]
    fields_of_use: Mapping[str, FieldRow]
    country_sets: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, str]
    """Classes that regimes may list."""
    own_classes: Mapping[str, str]
    """Classes of our own, which no regime lists."""
    mechanisms: Mapping[str, str]
    no_single_model: frozenset[str]
    """Names that are never read as the bare form of a canonical id."""
