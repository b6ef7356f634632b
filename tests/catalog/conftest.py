"""The shipped catalog, read once for all tests."""

import pytest

from sidecar.catalog.load import load_catalog
from sidecar.catalog.shipped import ShippedCatalog


@pytest.fixture(scope="session")
def catalog() -> ShippedCatalog:
    """The catalog without an overlay."""
    return load_catalog()
