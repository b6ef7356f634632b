"""What a bundle can read of the facts."""

import pytest

from sidecar.errors import PolicyFault
from sidecar.policy.bundle import assemble
from sidecar.policy.opa_binary import OpaBinary
from sidecar.policy.reads import read_paths, shortest
from sidecar.policy.sources import shipped_policies

EVERYTHING = ""

# A rule's body, and what it reads; `odd` stands beside it, a function of one argument.
ODD = {
    "input.target.id": "target.id",
    'input["target"]["id"]': "target.id",
    "input.target[`id`]": "target.id",
    "not input.target.listed": "target.listed",
    "some word in input.content.classes": "content.classes",
    "some word in input.content.classes; input.content.found[word].count > 3": "content.classes content.found",
    "input.counters[input.tenant.id]": "counters tenant.id",
    'input.counters[sprintf("%s/x", [input.tenant.id])]': "counters tenant.id",
    "input.candidates[0].id": "candidates",
    "some name; input.target[name]": "target",
    "some name; input[name]": EVERYTHING,
    "t := input.target; t.origin": "target",
    "t := input; t.origin": EVERYTHING,
    "odd(input)": EVERYTHING,
    "odd(input.tenant)": "tenant",
    'object.get(input.tenant, "country", "")': "tenant",
    'object.get(input, ["tenant", "country"], "")': EVERYTHING,
    "walk(input.request, [_, value]); value == 1": "request",
    'json.filter(input, ["date"])': EVERYTHING,
    "every word in input.tenant.regimes { odd(input.content.complete); word }": "content.complete tenant.regimes",
    "count([word | some word in input.tenant.regimes]) > 0": "tenant.regimes",
    "count({word: input.date | some word in input.tenant.regimes}) > 0": "date tenant.regimes",
    'x := $"on {input.date}"; x': "date",
    "{input.date, input.phase} == {1}": "date phase",
    "[input.date] = [x]; x": "date",
    "input == 1": EVERYTHING,
    "some c in input.candidates; x := odd(1) with input.target as c; x": "candidates",
    "odd(1) with input.target.serving as input.operator": "operator target.serving",
    "odd(1) with input.target.serving.regions as []": "target.serving.regions",
    'odd(1) with input as {"target": input.candidates[1], "date": input.date}': "candidates date",
    "odd(input.phase) with input as {}": "phase",
    'odd(1) with input as object.union(object.remove(input, ["target"]), {"target": input.operator})': "operator",
    "odd(1) with input as object.union(object.remove(input, [input.date]), {})": "date",
    'odd(1) with input as object.union(object.remove(input.tenant, ["id"]), {})': "tenant",
    'odd(1) with input as object.union({}, object.remove(input, ["target"]))': EVERYTHING,
    'odd(1) with input.target as object.union(object.remove(input, ["target"]), {})': EVERYTHING,
    'object.union(object.remove(input, ["target"]), {})': EVERYTHING,
    "odd(1) with data.odd as input.tenant": "tenant",
    "data.input.target": None,
    "odd({`input`: 1})": None,
    "true": None,
}


@pytest.mark.parametrize("body", ODD)
def test_reads(opa: OpaBinary, body: str) -> None:
    """Every way to get at the facts counts with all that it can reach, and `with` reads nothing of what it replaces."""
    module = f"package odd\n\nodd(_) := 1\n\nanswer if {{ {body} }}\n"
    said = ODD[body]
    expected = set() if said is None else {tuple(path.split(".")) if path else () for path in said.split(" ")}
    assert expected == read_paths({"odd.rego": module.encode()}, opa=opa)


def test_reads_outside_of_bodies(opa: OpaBinary) -> None:
    """Heads, defaults, keys, branches, arguments and imports read too; METADATA, strings and comments do not."""
    module = """
# METADATA
# schemas:
#   - input: schema.facts
package odd

import input.operator as who
import input.request.attributes

# input.comment
default f(_) := "input.string"
f(x) := input.date if x == input.phase else := input.direction if input.schema

s contains input.target.id if who.country
m[input.tenant.id] := input.tenant.country
r.a[input.caller.subject] := attributes.purpose
"""
    expected = (
        "caller.subject date direction operator phase request.attributes schema target.id tenant.country tenant.id"
    )
    assert {tuple(path.split(".")) for path in expected.split()} == read_paths({"odd.rego": module.encode()}, opa=opa)


def test_modules_add_up(opa: OpaBinary) -> None:
    """What one module reads whole, no other narrows."""
    modules = {"a.rego": b"package a\n\nx := input.target.id", "b.rego": b"package b\n\nx := input.target"}
    assert {("target",)} == read_paths(modules, opa=opa)


def test_a_module_that_cannot_be_parsed(opa: OpaBinary) -> None:
    """It is no module that reads nothing."""
    with pytest.raises(PolicyFault):
        read_paths({"a.rego": b"package a\n\nx := input.date", "b.rego": b"package b\n\nx := "}, opa=opa)


def test_deep_nesting(opa: OpaBinary) -> None:
    """A module is read to the bottom; one that is nested beyond all measure is refused."""
    shallow, deep = (f"package a\n\nx := {'[' * depth}input.date{']' * depth}".encode() for depth in (200, 2000))
    assert {("date",)} == read_paths({"a.rego": shallow}, opa=opa)
    with pytest.raises(PolicyFault):
        read_paths({"a.rego": deep}, opa=opa)


def test_shortest() -> None:
    """What lies below another path adds nothing."""
    assert {("a",), ("b", "c")} == shortest([("a", "b"), ("a",), ("b", "c"), ("b", "c", "d"), ("b", "c")])
    assert {()} == shortest([("a",), ()])


def test_shipped_policies_read_no_numbers(opa: OpaBinary) -> None:
    """Byte counts, estimates, subjects and how many were found make no decision, so they spoil no cache."""
    reads = assemble(shipped_policies(), opa=opa, catalog_data={}, shadow={}).reads
    unread = "request.bytes request.tokens_estimate request.needs request.format request.streaming caller content.found"
    unread += " content.languages content.markings target.price target.context tenant.rank_by phase"
    parts = {tuple(path.split(".")) for path in unread.split()}
    assert set() == {path for path in reads if any(path[: len(part)] == part[: len(path)] for part in parts)}
