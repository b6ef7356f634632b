"""What the head of a column or the key of a record says: names, births and addresses, and what only looks alike."""

import pytest

from sidecar.detection.recognizers.columns import ColumnScanner
from sidecar.detection.recognizers.work import Unbounded
from sidecar.detection.view import to_ascii
from tests.detection.fakes import Reader

FOUND = {
    "id,first_name,last_name,plan\n1,Xiomara,Quillfeather,gold\n2,Tendai,Mazorodze,basic": [
        "Xiomara",
        "Quillfeather",
        "Tendai",
        "Mazorodze",
    ],
    "name,email\nZqilla,z@v.example\nThis, however, is prose, with commas\nVorn,v@z.example": ["Zqilla"],
    "Name\tPhone\nOyelaran\t555\n": ["Oyelaran"],
    "| Patient | Ward |\n|---------|------|\n| Thandeka Oyelaran | 4B |\n": ["Thandeka Oyelaran"],
    '"customer name";"dob"\n"Brzeczyk, Zofia";"1988-02-03"': ["Brzeczyk, Zofia", "1988-02-03"],
    "姓名,部门\n欧阳晓明,财务": ["欧阳晓明"],
    "이름|부서\n김서연|총무\n": ["김서연"],
    "Vorname;Nachname\nJörg;Überschär": ["Jörg", "Überschär"],
    "prénom,nom de famille\nÉlodie,Lefèvre": ["Élodie", "Lefèvre"],
    "Nombre completo;Ciudad\nXimena Quiroga;Lima": ["Ximena Quiroga"],
    '{"first_name": "Xiomara", "plan": "gold"}': ["Xiomara"],
    '{"fullName":"Thandeka Oyelaran"}': ["Thandeka Oyelaran"],
    "patient: Thandeka Oyelaran\nward: 4B": ["Thandeka Oyelaran"],
    '{"name": "Zqilla Vorn", "email": "z@v.example"}': ["Zqilla Vorn"],
    '{"date_of_birth": "03/04/1971"}': ["03/04/1971"],
    'dob: "1971-04-03"': ["1971-04-03"],
    '{"address": "Flat 4, 12 Quill Rise, Bath"}': ["Flat 4, 12 Quill Rise, Bath"],
    '{"姓名": "欧阳晓明"}': ["欧阳晓明"],
}
LEFT = (
    "name,price\nBlue Mug,4.50\nRed Mug,5.00",
    "| Name | Type |\n|---|---|\n| timeout | int |",
    '{"name": "lodash", "version": "4.17.21"}',
    '{"first_name": "string", "last_name": "First Name"}',
    "firstName: String\nlastName: TextField",
    "address: 10.0.0.1:8080",
    '{"address": "0x7ffe 0012"}',
    '{"customer": "Quill Bank Ltd", "email": "a@b.example"}',
    "first_name = request.form['first_name']",
    "Send us your first name, last name\nand wait, please.",
    "product name: Blue Mug",
    "patient: Thandeka Oyelaran, third floor.",
    "patient: Thandeka called us yesterday",
    "SELECT first_name, last_name FROM users\nWHERE id = 1, 2",
    "姓名,部门\n未知,财务",
)


def _values(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in ColumnScanner().scan(to_ascii(text), text, Unbounded())]


@pytest.mark.parametrize(("text", "values"), FOUND.items())
def test_found(text: str, values: list[str]) -> None:
    """What stands under a head, or behind a key, is what the head says."""
    assert values == _values(text)


@pytest.mark.parametrize("text", LEFT)
def test_left(text: str) -> None:
    """Types, labels, products, companies, code and machines' addresses are nobody's."""
    assert [] == _values(text)


def test_names_under_a_head_are_somebodys(reader: Reader) -> None:
    """The detector asks for columns, and a name there does not stand bare."""
    text = "ticket;full_name\n17;Thandeka Oyelaran\n"
    assert [("Thandeka Oyelaran", "person_name", False)] == [
        (text[one.start : one.end], one.data_class, one.bare) for one in reader.sightings(text)
    ]
