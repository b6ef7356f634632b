"""E-mail addresses in URLs: past the host an address is one, before it a password's."""

import pytest

from sidecar.detection.recognizers.email import EmailScanner

MAIL = "ann.lee@example.org"


@pytest.mark.parametrize(
    "text",
    [
        f"https://shop.example/?m={MAIL}",
        f"https://shop.example/people/{MAIL}/orders",
        f"see https://shop.example?to={MAIL}&x=1",
        f"https://shop.example#{MAIL}",
        f"gs://bucket/{MAIL}",
        f"mailto:{MAIL}",
    ],
)
def test_an_address_past_the_host_is_found(text: str) -> None:
    """What the path, the query or the fragment of a URL holds is an address as anywhere else."""
    found = EmailScanner().analyze(text, ["EMAIL_ADDRESS"])
    assert [MAIL] == [text[one.start : one.end] for one in found]


@pytest.mark.parametrize("text", ["postgres://app:hunter2@db.example.org/main", "https://ann:pw.pw@example.org"])
def test_before_the_host_is_no_address(text: str) -> None:
    """A name and a password of a URL belong to its host."""
    assert [] == EmailScanner().analyze(text, ["EMAIL_ADDRESS"])
