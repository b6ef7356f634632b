"""Signs bundles and checks their signatures, both by OPA itself, in OPA's own format and with one algorithm (ES256)."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from sidecar.errors import PolicyFault
from sidecar.policy.archive import lay_out, pack
from sidecar.policy.opa_binary import OpaBinary

SIGNATURES = ".signatures.json"
ALGORITHM = "ES256"  # stated to OPA, never taken from the bundle
PRIVATE, PUBLIC = "bundle.pem", "bundle.pub.pem"
_ID_DIGITS = 16


def make_keys(folder: Path) -> tuple[Path, Path]:
    """Make a pair of keys in a folder that is made with 0700; return the paths of the private and the public one.

    Raises:
        PolicyFault: there is a key already, or the folder cannot be written.
    """
    private, public = folder / PRIVATE, folder / PUBLIC
    key = ec.generate_private_key(ec.SECP256R1())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    except FileExistsError as error:
        message = f"{private} is there already; nothing was changed"
        raise PolicyFault(message, field="folder") from error
    except OSError as error:
        message = f"the keys cannot be written: {error.strerror}"
        raise PolicyFault(message, field="folder") from error
    return private, public


def key_id(public: Path) -> str:
    """Return what a public key is called: the start of the SHA-256 of its SubjectPublicKeyInfo.

    Raises:
        PolicyFault: it is no PEM file with a public key on the curve P-256.
    """
    try:
        key = load_pem_public_key(public.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        message = "policy.bundle.key is not a PEM file with a public key"
        raise PolicyFault(message, field="policy.bundle.key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "policy.bundle.key is not a key on the curve P-256"
        raise PolicyFault(message, field="policy.bundle.key", advice="`sidecar policy keys FOLDER` makes a pair")
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()[:_ID_DIGITS]


def sign(files: Mapping[str, bytes], private: Path, *, opa: OpaBinary) -> bytes:
    """Return the signature file that makes a bundle of these files a signed one.

    Raises:
        PolicyFault: the key will not do.
    """
    try:
        key = load_pem_private_key(private.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        message = "the signing key is not a PEM file with a private key that needs no password"
        raise PolicyFault(message, field="key") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "the signing key is not a key on the curve P-256"
        raise PolicyFault(message, field="key", advice="`sidecar policy keys FOLDER` makes a pair")
    with tempfile.TemporaryDirectory(prefix="sidecar-bundle-") as name:
        folder, out = Path(name, "bundle"), Path(name, "out")
        lay_out(files, folder)
        out.mkdir()
        done = opa.run(
            *("sign", "--bundle", ".", "--signing-alg", ALGORITHM),
            *("--signing-key", str(private.absolute()), "--output-file-path", str(out)),
            cwd=folder,
        )
        if done.code != 0 or not (out / SIGNATURES).is_file():
            message = "OPA could not sign the bundle"
            raise PolicyFault(message, field="key")
        return (out / SIGNATURES).read_bytes()


def verify(files: Mapping[str, bytes], public: Path, *, opa: OpaBinary) -> str:
    """Return the id of the key whose signature covers every file, each as it is.

    Raises:
        PolicyFault: there is no signature, it is another key's, or a file is missing in it, changed or added.
    """
    identity = key_id(public)
    if SIGNATURES not in files:
        message = "the bundle is not signed"
        raise PolicyFault(message, field="policy.bundle")
    with tempfile.TemporaryDirectory(prefix="sidecar-bundle-") as name:
        archive = Path(name, "bundle.tar.gz")  # OPA names the files of a folder otherwise, and takes none of the names
        archive.write_bytes(pack(files))
        done = opa.run(
            *("build", "--bundle", str(archive), "--signing-alg", ALGORITHM),
            *("--verification-key", str(public.absolute()), "--output", str(Path(name, "out.tar.gz"))),
        )
    if done.code != 0:  # what OPA prints may hold parts of files that nobody vouches for
        message = "OPA does not take the bundle: another key signed it, or its files are not those it signed"
        raise PolicyFault(message, field="policy.bundle")
    return identity
