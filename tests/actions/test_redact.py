from collections.abc import Sequence

import pytest

from sidecar.actions.interface import Rewriting, Scope
from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.errors import PolicyAnswerRefused
from sidecar.types.content import Direction, Edit, Finding, Segment, Span
from sidecar.types.decisions import Redaction
from tests.actions.fakes import keyring, spliced

SESSION = Scope("acme", "session", "s1")
REDACTOR = SpanRedactor(Pseudonyms(keyring()), Operators())


def segment(text: str, *, in_key: bool = False) -> Segment:
    """Return a segment of a text."""
    return Segment("/text", in_key, text)


def finding(
    where: Sequence[Segment],
    index: int,
    value: str,
    entity: str = "PERSON",
    data_class: str = "person_name",
    fixed: bool = False,  # noqa: FBT001, FBT002
) -> Finding:
    """Return a finding of a value."""
    start = where[index].text.index(value)
    return Finding(index, start, start + len(value), entity, data_class, 0.9, "test", fixed=fixed)


def pseudonym(value: str, entity: str = "PERSON") -> str:
    """Return what stands for a value."""
    return Pseudonyms(keyring()).assign(SESSION, [(value, entity)])[value]


def test_a_value_is_replaced_everywhere_by_the_same_pseudonym() -> None:
    """One person in two messages and a key stays one person (LiteLLM 31959)."""
    texts = [segment("Ask Ada Lovelace"), segment("Ada Lovelace", in_key=True), segment("for Ada Lovelace!")]
    findings = [finding(texts, index, "Ada Lovelace") for index in range(3)]
    ada = pseudonym("Ada Lovelace")

    rewriting = REDACTOR.rewrite(texts, findings, [Redaction("person_name", "pseudonym")], scope=SESSION, earlier={})

    assert rewriting == Rewriting(
        edits=(Edit(0, 4, 16, ada), Edit(1, 0, 12, ada), Edit(2, 4, 16, ada)),
        operators={0: "pseudonym", 1: "pseudonym", 2: "pseudonym"},
        values={ada: "Ada Lovelace"},
    )


def test_classes_that_are_not_asked_for_stay() -> None:
    """Findings of other classes, fixed ones and empty ones are left, and nothing is said of them."""
    texts = [segment("Ada, ada@example.com, Bob")]
    findings = [
        finding(texts, 0, "Ada"),
        finding(texts, 0, "ada@example.com", "EMAIL_ADDRESS", "contact"),
        finding(texts, 0, "Bob", fixed=True),
        finding(texts, 0, ""),
    ]

    rewriting = REDACTOR.rewrite(texts, findings, [Redaction("person_name", "remove")], scope=SESSION, earlier={})

    assert rewriting == Rewriting((Edit(0, 0, 3, "[removed: person_name]"),), {0: "remove"}, {})


def test_overlapping_spans_become_one_with_the_strongest_operator() -> None:
    """Spans that overlap go as one; those that touch stay two."""
    texts = [segment("mailto:ada@example.com;Bob")]
    findings = [
        Finding(0, 0, 10, "URL", "contact", 0.5, "a"),
        Finding(0, 7, 22, "EMAIL_ADDRESS", "contact", 0.9, "b"),
        Finding(0, 20, 23, "SECRET", "credential", 0.9, "c"),
        Finding(0, 23, 26, "PERSON", "person_name", 0.9, "d"),
    ]
    redactions = [
        Redaction("contact", "pseudonym"),
        Redaction("credential", "remove"),
        Redaction("person_name", "mask"),
    ]

    rewriting = REDACTOR.rewrite(texts, findings, redactions, scope=SESSION, earlier={})

    assert rewriting == Rewriting(
        edits=(Edit(0, 0, 23, "[removed: credential]"), Edit(0, 23, 26, "***")),
        operators={0: "remove", 1: "remove", 2: "remove", 3: "mask"},
        values={},
    )


def test_strongest_of_two_redactions_of_a_class_wins() -> None:
    """Law and tenant may both ask; the order in which they do does not matter."""
    texts = [segment("Ada")]
    both = [Redaction("person_name", "hash"), Redaction("person_name", "mask"), Redaction("person_name", "synthetic")]

    assert (Edit(0, 0, 3, "***"),) == REDACTOR.rewrite(
        texts, [finding(texts, 0, "Ada")], both, scope=SESSION, earlier={}
    ).edits


def test_hash_is_keyed_and_irreversible() -> None:
    """A hash depends on the tenant's key, and its value is not sealed."""
    texts = [segment("Ada")]
    findings, redactions = [finding(texts, 0, "Ada")], [Redaction("person_name", "hash")]

    ours = REDACTOR.rewrite(texts, findings, redactions, scope=SESSION, earlier={})
    theirs = REDACTOR.rewrite(texts, findings, redactions, scope=Scope("other", "session", "s1"), earlier={})

    assert ours.values == {}
    assert ours.edits[0].text.startswith("[hash: ")
    assert ours.edits[0].text != theirs.edits[0].text


def test_blanks_around_a_value_stay_where_they_are() -> None:
    """A finding that took a blank too is the same value, and the blank comes back by never leaving."""
    texts = [segment("Ask  Ada Lovelace \n now")]
    findings = [finding(texts, 0, " Ada Lovelace \n")]

    rewriting = REDACTOR.rewrite(texts, findings, [Redaction("person_name", "pseudonym")], scope=SESSION, earlier={})

    assert f"Ask  {pseudonym('Ada Lovelace')} \n now" == spliced(texts[0], rewriting.edits)


def test_look_alikes_are_escaped_where_anything_is_replaced() -> None:
    """What only looks like a pseudonym is replaced by one of its own, in every segment."""
    texts = [segment("Ada"), segment("see <PERSON_7KQ2M4XA9D>, <x> and <A_B_0000000000>")]
    rewriting = REDACTOR.rewrite(
        texts, [finding(texts, 0, "Ada")], [Redaction("person_name", "remove")], scope=SESSION, earlier={}
    )
    first, second = pseudonym("<PERSON_7KQ2M4XA9D>", "TEXT"), pseudonym("<A_B_0000000000>", "TEXT")

    assert rewriting.operators == {0: "remove"}
    assert rewriting.values == {first: "<PERSON_7KQ2M4XA9D>", second: "<A_B_0000000000>"}
    assert f"see {first}, <x> and {second}" == spliced(texts[1], [edit for edit in rewriting.edits if edit.segment])


def test_look_alikes_stay_where_nothing_is_replaced() -> None:
    """A body from which nothing goes is not touched."""
    texts = [segment("see <PERSON_7KQ2M4XA9D>")]

    assert Rewriting((), {}, {}) == REDACTOR.rewrite(
        texts, [], [Redaction("person_name", "pseudonym")], scope=SESSION, earlier={}
    )


def test_look_alike_within_a_finding_goes_with_it() -> None:
    """A span is replaced once."""
    texts = [segment("Ada <PERSON_7KQ2M4XA9D> <PERSON_7KQ2M4XA9D>")]
    findings = [finding(texts, 0, "Ada <PERSON_7KQ")]

    rewriting = REDACTOR.rewrite(texts, findings, [Redaction("person_name", "pseudonym")], scope=SESSION, earlier={})

    assert [(edit.start, edit.end) for edit in rewriting.edits] == [(0, 15), (24, 43)]


def test_re_entry_stays_and_is_not_masked_twice() -> None:
    """A pseudonym that came back is known, is no look-alike, and is not given a pseudonym (pi-data-masking 1)."""
    ada = pseudonym("Ada Lovelace")
    texts = [segment(f"{ada} met Bob")]
    findings = [finding(texts, 0, ada, "PSEUDONYM", "pseudonymized"), finding(texts, 0, "Bob")]
    redactions = [Redaction("person_name", "pseudonym"), Redaction("pseudonymized", "pseudonym")]

    rewriting = REDACTOR.rewrite(texts, findings, redactions, scope=SESSION, earlier={})

    assert {0: (Span(0, len(ada)),)} == REDACTOR.known("acme", texts)
    assert rewriting.operators == {1: "pseudonym"}
    assert f"{ada} met {pseudonym('Bob')}" == spliced(texts[0], rewriting.edits)


def test_re_entry_goes_where_the_law_removes_it() -> None:
    """An operator that cannot be undone takes a pseudonym out like a value."""
    ada = pseudonym("Ada Lovelace")
    texts = [segment(f"{ada} met Bob")]
    findings = [finding(texts, 0, ada, "PSEUDONYM", "pseudonymized")]

    rewriting = REDACTOR.rewrite(texts, findings, [Redaction("pseudonymized", "remove")], scope=SESSION, earlier={})

    assert spliced(texts[0], rewriting.edits) == "[removed: pseudonymized] met Bob"


def test_known_names_only_segments_that_hold_pseudonyms_of_this_tenant() -> None:
    """Other tenants' pseudonyms and look-alikes are text."""
    ada = pseudonym("Ada")
    texts = [segment("no"), segment(f"{ada} <PERSON_7KQ2M4XA9D> {ada}")]
    last = len(texts[1].text) - len(ada)

    assert {1: (Span(0, len(ada)), Span(last, last + len(ada)))} == REDACTOR.known("acme", texts)
    assert REDACTOR.known("other", texts) == {}


def test_written_tells_where_the_new_texts_stand() -> None:
    """After splicing, each span holds what was put there."""
    texts = [segment("Ada and Bob"), segment("nothing"), segment("for Ada")]
    findings = [finding(texts, 0, "Ada"), finding(texts, 0, "Bob"), finding(texts, 2, "Ada")]
    rewriting = REDACTOR.rewrite(texts, findings, [Redaction("person_name", "pseudonym")], scope=SESSION, earlier={})

    places = REDACTOR.written(texts, rewriting)
    after = [spliced(text, [e for e in rewriting.edits if e.segment == i]) for i, text in enumerate(texts)]

    assert {
        0: [pseudonym("Ada"), pseudonym("Bob")],
        2: [pseudonym("Ada")],
    } == {index: [after[index][span.start : span.end] for span in spans] for index, spans in places.items()}


def test_second_round_changes_nothing_that_the_first_wrote() -> None:
    """What redaction wrote is known to the next round, and no look-alike in it."""
    texts = [segment("Ada <PERSON_7KQ2M4XA9D> Bob")]
    redactions = [Redaction("person_name", "pseudonym")]
    first = REDACTOR.rewrite(texts, [finding(texts, 0, "Ada")], redactions, scope=SESSION, earlier={})
    again = [segment(spliced(texts[0], first.edits))]

    second = REDACTOR.rewrite(again, [finding(again, 0, "Bob")], redactions, scope=SESSION, earlier={})

    assert [pseudonym("Bob")] == [edit.text for edit in second.edits]


def test_unknown_operator_is_refused() -> None:
    """A decision that names an operator we do not have is not carried out in some other way."""
    texts = [segment("Ada")]

    with pytest.raises(PolicyAnswerRefused):
        REDACTOR.rewrite(
            texts, [finding(texts, 0, "Ada")], [Redaction("person_name", "encrypt")], scope=SESSION, earlier={}
        )


def test_look_alikes_of_a_reply_stay() -> None:
    """A reply goes to people, who would read what stands for a look-alike."""
    texts = [segment("Ada set <YOUR_PARAMETERS>")]
    rewriting = REDACTOR.rewrite(
        texts,
        [finding(texts, 0, "Ada")],
        [Redaction("person_name", "mask")],
        scope=SESSION,
        earlier={},
        direction=Direction.RESPONSE,
    )

    assert "*** set <YOUR_PARAMETERS>" == spliced(texts[0], rewriting.edits)


def test_foreign_are_pseudonyms_of_no_key_of_the_tenant() -> None:
    """A word that only has the form is none: their codes have a digit, nearly always."""
    ours, other = pseudonym("Ada"), "<PERSON_7KQ2M4XA9D>"
    texts = [segment("<YOUR_PARAMETERS>"), segment(f"{ours} {other}")]

    assert {1: (Span(len(ours) + 1, len(ours) + 1 + len(other)),)} == REDACTOR.foreign("acme", texts)
    assert {1: (Span(0, len(ours)), Span(len(ours) + 1, len(ours) + 1 + len(other)))} == REDACTOR.foreign(
        "other", texts
    )
