"""Signed bundles: what is built is what is served, and what anybody did to it on the way is refused."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sidecar.errors import PolicyFault
from sidecar.policy.archive import pack, unpack
from sidecar.policy.bundle import Bundle, assemble, canonical, manifest
from sidecar.policy.engine import run_bundle
from sidecar.policy.opa_binary import OpaBinary
from sidecar.policy.packed import CATALOG, DATA, MANIFEST, accept, build, open_packed
from sidecar.policy.signing import PRIVATE, PUBLIC, SIGNATURES, key_id, make_keys, sign
from sidecar.types.json import Document
from tests.policy.conftest import Spoil

CATALOG_FILES = {"shipped/models.yaml": b"models: []\n"}
CATALOG_DATA: Document = {"regimes": {}}
MAIN = "sidecar/main/main.rego"
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pair of keys."""
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder)
    return folder


@pytest.fixture
def files(bundled: Callable[..., Bundle], keys: Path, opa: OpaBinary) -> Files:
    """The files of a good bundle, signed."""
    archive = build(bundled(), catalog=CATALOG_FILES, sequence=7, key=keys / PRIVATE, opa=opa)
    return unpack(archive)


def _serve(files: Mapping[str, bytes], keys: Path, opa: OpaBinary) -> Bundle:
    packed = open_packed(pack(files), key=keys / PUBLIC, opa=opa)
    return accept(packed, catalog_data=CATALOG_DATA, opa=opa)


def _data(files: Files, change: Callable[[dict[str, object]], object]) -> Files:
    document = json.loads(files[DATA])
    change(document["sidecar"])
    return {**files, DATA: canonical(document)}


def _with_rule(files: Files, body: str) -> Files:
    module = f"package sidecar.lib.more\n\nimport rego.v1\n\n{body}\n"
    return {**files, "sidecar/lib/more/more.rego": module.encode()}


# What somebody without the key can do on the way.
TAMPERED: dict[str, Callable[[Files], Files]] = {
    "unsigned": lambda files: {name: files[name] for name in files if name != SIGNATURES},
    "a rule edited": lambda files: {**files, MAIN: files[MAIN] + b"\n# nothing to see\n"},
    "data edited": lambda files: _data(files, lambda ours: ours.update(more=1)),
    "the catalog edited": lambda files: {**files, CATALOG + "shipped/models.yaml": b"models: [x]\n"},
    "capabilities edited": lambda files: {**files, "capabilities.json": b"{}"},
    "the sequence edited": lambda files: {**files, MANIFEST: files[MANIFEST].replace(b":7", b":8")},
    "a file added": lambda files: _with_rule(files, "x := 1"),
    "a hidden file added": lambda files: {**files, ".more.rego": b"package more\n"},
    "a catalog file added": lambda files: {**files, CATALOG + "overlay/x.yaml": b"models: []\n"},
    "a file left out": lambda files: {name: files[name] for name in files if name != CATALOG + "shipped/models.yaml"},
    "signatures that are none": lambda files: {**files, SIGNATURES: b'{"signatures": []}'},
    "a signature of nobody": lambda files: {**files, SIGNATURES: b'{"signatures": ["e30.e30."]}'},
    "a signature without algorithm": lambda files: {**files, SIGNATURES: _unalgorithmic(files[SIGNATURES])},
}


def _unalgorithmic(signatures: bytes) -> bytes:
    """Return the same claims under a header that asks for no check."""
    claims = json.loads(signatures)["signatures"][0].split(".")[1]
    header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"  # {"alg":"none","typ":"JWT"}
    return json.dumps({"signatures": [f"{header}.{claims}."]}).encode()


# What somebody with the key, or a build that went wrong, can put in.
SIGNED: dict[str, Callable[[Files], Files]] = {
    "the network": lambda files: _with_rule(files, 'x := http.send({"method": "GET", "url": "http://localhost/"})'),
    "the environment": lambda files: _with_rule(files, "x := opa.runtime()"),
    "the clock": lambda files: _with_rule(files, "x := time.now_ns()"),
    "a file from the disk": lambda files: _with_rule(
        files, 'x := json.match_schema({}, {"$ref": "file:///etc/passwd"})'
    ),
    "recursion": lambda files: _with_rule(files, "x if y\n\ny if x"),
    "what does not compile": lambda files: _with_rule(files, "x := "),
    "no entrypoint": lambda files: {name: files[name] for name in files if name != MAIN},
    "another revision": lambda files: {**files, MANIFEST: manifest("0" * 32, sequence=7)},
    "roots of others": lambda files: {
        **files,
        MANIFEST: canonical({"revision": "x", "roots": ["sidecar/main"], "metadata": {"sequence": 7}}),
    },
    "no sequence": lambda files: {**files, MANIFEST: manifest("x")},
    "a manifest with more": lambda files: {**files, MANIFEST: files[MANIFEST][:-1] + b',"wasm":[]}'},
    "data in a second place": lambda files: {**files, "sidecar/rules/data.json": b"{}"},
    "a plan for another engine": lambda files: {**files, "policy.wasm": b"\0asm"},
    "data with a key twice": lambda files: {**files, DATA: files[DATA][:-1] + b',"sidecar":{}}'},
    "data that are no number": lambda files: {**files, DATA: files[DATA][:-1] + b',"z":NaN}'},
    "data nested without end": lambda files: {**files, DATA: b'{"a":' * 100_000 + b"1" + b"}" * 100_000},
    "no data": lambda files: {name: files[name] for name in files if name != DATA},
    "a description of other rules": lambda files: _data(files, lambda ours: _described(ours).update(rules=["a.b"])),
    "no description": lambda files: _data(files, lambda ours: ours.pop("bundle")),
    "data of another catalog": lambda files: _data(files, lambda ours: ours.update(regimes=None)),
    "a hard boundary in shadow": lambda files: _data(
        files, lambda ours: _config(ours).update(shadow={"*": ["no.rule"]})
    ),
    "a waiver of nobody": lambda files: _data(
        files, lambda ours: _config(ours).update(waivers={"acme": {"a.b": [{}]}})
    ),
}


def _described(ours: dict[str, object]) -> dict[str, object]:
    described = ours["bundle"]
    assert isinstance(described, dict)
    return described


def _config(ours: dict[str, object]) -> dict[str, object]:
    config = ours["config"]
    assert isinstance(config, dict)
    return config


class TestSigned:
    def test_what_was_built_is_what_is_served(
        self, files: Files, keys: Path, opa: OpaBinary, bundled: Callable[..., Bundle]
    ) -> None:
        """Opened again, an archive gives the bundle it was made of, its sequence, its catalog and its signer."""
        packed = open_packed(pack(files), key=keys / PUBLIC, opa=opa)
        assert bundled() == accept(packed, catalog_data=CATALOG_DATA, opa=opa)
        assert (7, CATALOG_FILES, key_id(keys / PUBLIC)) == (packed.sequence, packed.catalog, packed.signer)

    def test_opa_itself_takes_it(self, files: Files, keys: Path, opa: OpaBinary, tmp_path: Path) -> None:
        """The archive is a bundle in OPA's own format: OPA verifies it and answers by it."""
        archive = tmp_path / "bundle.tar.gz"
        archive.write_bytes(pack(files))
        checked = opa.run("inspect", "--format", "json", str(archive))
        evaluated = opa.run("eval", "--bundle", str(archive), "--format", "json", "data.sidecar.bundle.revision")
        assert 0 == checked.code
        said = json.loads(evaluated.stdout)["result"][0]["expressions"][0]["value"]
        assert json.loads(files[MANIFEST])["revision"] == said

    @pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
    def test_what_was_changed_on_the_way_is_refused(
        self, change: Callable[[Files], Files], files: Files, keys: Path, opa: OpaBinary
    ) -> None:
        """Every file is under the signature, each as it is, and no other may be there."""
        with pytest.raises(PolicyFault):
            open_packed(pack(change(files)), key=keys / PUBLIC, opa=opa)

    def test_another_key_is_not_the_key(self, files: Files, opa: OpaBinary, tmp_path: Path) -> None:
        """A bundle that somebody else signed is refused, however good it is."""
        make_keys(tmp_path / "theirs")
        with pytest.raises(PolicyFault, match="another key"):
            open_packed(pack(files), key=tmp_path / "theirs" / PUBLIC, opa=opa)

    @pytest.mark.parametrize("change", SIGNED.values(), ids=SIGNED.keys())
    def test_a_signature_is_no_passport(
        self, change: Callable[[Files], Files], files: Files, keys: Path, opa: OpaBinary
    ) -> None:
        """Whatever the signed files are, they pass the checks that every bundle passes, or are refused."""
        changed = change({name: files[name] for name in files if name != SIGNATURES})
        try:
            signed = {**changed, SIGNATURES: sign(changed, keys / PRIVATE, opa=opa)}
        except PolicyFault:
            return  # OPA does not even sign it
        with pytest.raises(PolicyFault):
            _serve(signed, keys, opa)

    async def test_a_rule_that_does_not_end_never_takes_over(self, spoil: Spoil, opa: OpaBinary) -> None:
        """However well a bundle is signed: if the smoke question gets no answer in time, its child is ended."""
        endless = """# METADATA
# title: Endless
# description: It counts pairs of many numbers.
package sidecar.rules.trial.endless

deny contains "endless" if {
	count([1 | some i in numbers.range(1, 30000); some j in numbers.range(1, 30000); i == j * 2]) > 100000000
}
"""
        policies = spoil({"sidecar/rules/trial/endless/endless.rego": endless})
        bundle = assemble(policies, opa=opa, catalog_data=CATALOG_DATA, shadow={})
        with pytest.raises(PolicyFault, match="OPA did not answer"):
            await run_bundle(bundle, opa=opa, timeout_ms=250, patience=4)

    @pytest.mark.parametrize("name", ["not-there.pem", "empty.pem", "rsa.pem"])
    def test_a_key_that_will_not_do_is_told_of(self, name: str, opa: OpaBinary, tmp_path: Path) -> None:
        """What is no key on P-256 neither signs nor checks, and the setting is named."""
        (tmp_path / "empty.pem").write_bytes(b"")
        (tmp_path / "rsa.pem").write_bytes(b"-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----\n")
        with pytest.raises(PolicyFault) as checking:
            key_id(tmp_path / name)
        with pytest.raises(PolicyFault) as signing:
            sign({DATA: b"{}"}, tmp_path / name, opa=opa)
        assert ("policy.bundle.key", "key") == (checking.value.field, signing.value.field)

    def test_a_key_is_never_overwritten(self, keys: Path) -> None:
        """Keys that are there stay as they are, and only their owner can read the private one."""
        before = (keys / PRIVATE).read_bytes()
        with pytest.raises(PolicyFault, match="there already"):
            make_keys(keys)
        assert (before, 0o600) == ((keys / PRIVATE).read_bytes(), (keys / PRIVATE).stat().st_mode & 0o777)
