"""Passwords and connection strings: what is told is found, what is prose or code is left."""

import random
import re
import string
from pathlib import Path

import pytest
import yaml

from tests.detection.fakes import Reader

AZURE = "q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8l9Z0x1C2v3B4=="
FOUND = {
    "password: hunter2": "hunter2",
    "my password is hunter2!": "hunter2!",
    "Password=Tr0ub4dor&3": "Tr0ub4dor&3",
    '{"password": "letmein", "user": "bob"}': "letmein",
    "密码：Hunter2!x": "Hunter2!x",
    "비밀번호는 Hunter2!x 입니다": "Hunter2!x",
    "パスワードはHunter2xです": "Hunter2x",
    "postgresql://app:p%40ssw0rd@db.prod.acme.com:5432/main": "p%40ssw0rd",
    "mongodb+srv://root:Zx9!kk@cluster0.mongodb.net": "Zx9!kk",
    "Authorization: Bearer abcdef1234567890abcdef1234567890": "abcdef1234567890abcdef1234567890",
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz",
    "api_key = 'k3Jh8sLq02mNvB7xT5yR'": "k3Jh8sLq02mNvB7xT5yR",
    f"AccountKey={AZURE};": AZURE,
}
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\nabcdef0123456789+/==\n-----END RSA PRIVATE KEY-----"
LEFT = (
    "password: ${DB_PASSWORD}",
    "password: <your password>",
    "password = getpass.getpass()",
    "Reset password link sent",
    "passwordField.setText(value)",
    "The password policy2 applies.",
    "token = 'YOUR_API_TOKEN_HERE_1'",
    "secret: ********",
    "https://example.com:8080/path@home",
    "AKIAIOSFODNN7EXAMPLE",
    "sk-ant-xxxxxxxxxxxxxxxxxxxx",
)


@pytest.mark.parametrize(("text", "value"), FOUND.items())
def test_found(reader: Reader, text: str, value: str) -> None:
    """The value alone is the finding, not the words around it."""
    assert [("credential", value)] == [
        (one.data_class, text[one.start : one.end]) for one in reader.sightings(text) if one.data_class == "credential"
    ]


def test_private_key(reader: Reader) -> None:
    """A private key is found from its first line to its last, and to the end of what is there where it is cut."""
    assert [("PRIVATE_KEY", KEY)] == reader.found(f"Here: {KEY}\nDone.")
    assert [("PRIVATE_KEY", KEY[:60])] == reader.found(f"Here: {KEY[:60]}")


@pytest.mark.parametrize("text", LEFT)
def test_left_alone(reader: Reader, text: str) -> None:
    """Placeholders, code, prose and documented examples are no credentials."""
    assert [] == reader.found(text)


TABLE = yaml.safe_load(Path("tests/data/detection/secrets.yaml").read_text(encoding="utf-8"))
ALPHABETS = {
    "any": string.ascii_letters + string.digits,
    "base64": string.ascii_letters + string.digits + "+/",
    "digit": "123456789",
    "hex": "0123456789abcdef",
    "lower": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase + string.digits,
}


def drawn(form: str, rng: random.Random) -> str:
    """Return a value of a form."""
    return re.sub(r"<(\w+):(\d+)>", lambda sign: "".join(rng.choices(ALPHABETS[sign[1]], k=int(sign[2]))), form)


def test_credentials_of_all_kinds(reader: Reader) -> None:
    """Of credentials drawn at random, 95 % are covered to the last letter."""
    rng = random.Random(20261124)
    missed = []
    for _ in range(2):
        for row in TABLE["found"]:
            value = drawn(row["value"], rng)
            text = row["text"].replace("{}", value)
            start = text.index(value)
            end = start + len(value.removesuffix("\\n"))
            seen = [one for one in reader.sightings(text) if one.data_class == "credential"]
            if not any(one.start <= start and end <= one.end for one in seen):
                missed.append(text)
    assert len(missed) <= 0.05 * 2 * len(TABLE["found"]), missed


@pytest.mark.parametrize("text", TABLE["harmless"])
def test_harmless(reader: Reader, text: str) -> None:
    """Placeholders, documented examples, code and prose around such words are no credentials."""
    assert [] == [text[one.start : one.end] for one in reader.sightings(text) if one.data_class == "credential"]
