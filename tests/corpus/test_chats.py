"""The corpus itself: as many chats as promised, the same every time, with values that are right."""

import hashlib
import json
import re
from collections import Counter

from stdnum import iban, luhn
from stdnum.cn import ric
from stdnum.kr import rrn

from tests.corpus.chats import LEAST, MOST, Chat, corpus, scripts
from tests.corpus.values import NOT_ASSERTED, UNREAD

DIGEST = "181ab36aa188ee0f00f991a654a5d4c4fb8beeaf0807d2f9bbd6523ecef47360"


def _digest(chats: tuple[Chat, ...]) -> str:
    whole = hashlib.sha256()
    for chat in chats:
        whole.update(f"{chat.name}\0{chat.format}\0{len(chat.body)}\0".encode() + chat.body)
    return whole.hexdigest()


def _values(kind: str) -> set[str]:
    return {one.value.replace(" ", "") for chat in corpus() for one in chat.planted if one.kind == kind}


def test_the_corpus_is_the_one_that_was_judged() -> None:
    """The generator gives the same bytes on every machine; who changes a script renews the digest."""
    assert DIGEST == _digest(corpus())


def test_there_are_more_than_two_hundred_chats_of_ordinary_size() -> None:
    """From more than fifty scripts, all of them with somebody's data, in Korean and Chinese too."""
    chats = corpus()
    groups = Counter(chat.name.partition("/")[0] for chat in chats)
    assert len(chats) >= 200
    assert len(list(scripts())) >= 50
    assert min(groups["korean"], groups["chinese"]) >= 20
    assert [] == [chat.name for chat in chats if not LEAST <= len(chat.body) <= MOST or not chat.planted]
    assert len(chats) == len({chat.body for chat in chats})


def test_bodies_are_json_without_blanks_left() -> None:
    """Every blank of a script was filled."""
    assert [] == [chat.name for chat in corpus() if re.search(r"\[\[[a-z]", json.dumps(json.loads(chat.body)))]


def test_check_digits_hold() -> None:
    """As other people compute them."""
    assert all(map(luhn.is_valid, _values("card")))
    assert all(iban.is_valid(number, check_country=False) for number in _values("iban"))
    assert all(map(rrn.is_valid, _values("rrn")))
    assert all(map(ric.is_valid, _values("cn_id")))


def test_what_is_not_asserted_has_a_reason() -> None:
    """And nothing else is drawn beside the values that must go."""
    assert set(UNREAD) == set(NOT_ASSERTED)
