"""What the corpus taught the recognizers."""

import pytest

from sidecar.detection.recognizers.network import IpScanner
from sidecar.detection.recognizers.phone import PhoneScanner
from sidecar.detection.recognizers.scanner import Scanner


def _found(recognizer: Scanner, text: str) -> list[str]:
    return [text[one.start : one.end] for one in recognizer.analyze(text, recognizer.supported_entities)]


@pytest.mark.parametrize(
    "text",
    [
        'login ok ip=203.0.113.7 ua="Firefox/142.0"',
        "ALLOWED_IPS=203.0.113.7,",
        "10.0.0.0 -> 203.0.113.7:443",
        "Received: from <203.0.113.7>",
        "release notes went to the host 203.0.113.7",
        "the new version runs on 203.0.113.7",
    ],
)
def test_addresses_in_logs_are_no_versions(text: str) -> None:
    """An equals sign, an arrow or a bracket before an address does not make it a version."""
    assert ["203.0.113.7"] == _found(IpScanner(), text)


@pytest.mark.parametrize(
    "text",
    [
        "foo==1.2.3.4 and bar>=1.2.3.4, baz ~> 1.2.3.4",
        'version="1.2.3.4", "version": "1.2.3.4"',
        "Firmware history: 1.0.0.7 (2023-02-01), 1.0.1.12 (2023-07-19)",
        "qux<1.2.3.4",
    ],
)
def test_versions_are_no_addresses(text: str) -> None:
    """Nor are those that a package manager compares, or a list of them."""
    assert [] == _found(IpScanner(), text)


def test_years_are_no_telephone_number() -> None:
    """From one year to another, beside a word such as call."""
    assert [] == _found(PhoneScanner(), "2015–2017 analyst, on call every third week; phone support 2017 - 2021")
