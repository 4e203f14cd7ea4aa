# SPDX-License-Identifier: Apache-2.0
"""Keys, artifacts and attestations for the tests, from fixed seeds and at a fixed time."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from coreline.licensing.keys import RootKey, SigningKey, new_leaf
from coreline.releases.attest import KeySigner, attest
from coreline.releases.attested import Attested, Refusal, check, judge
from coreline.releases.statement import serial_of, signed_bytes

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ROOT = RootKey(Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
OTHER_ROOT = RootKey(Ed25519PrivateKey.from_private_bytes(b"\x02" * 32))
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x03" * 32)
LEAF = new_leaf(ROOT, now=NOW - timedelta(days=1), days=30, purposes=("release",), private=PRIVATE)
WHEEL = "acme_core-1.2-py3-none-any.whl"


def attested(folder: Path, name: str = WHEEL, data: bytes = b"wheel") -> Path:
    """Return an artifact with its attestation beside it."""
    artifact = folder / name
    artifact.write_bytes(data)
    attest(artifact, signer=KeySigner(LEAF, NOW))
    return artifact


def beside(artifact: Path) -> Path:
    """Return where an artifact's attestation lies."""
    return artifact.with_name(f"{artifact.name}.publish.attestation")


def verdict(artifact: Path, root: RootKey = ROOT, **more: frozenset[str]) -> str:
    """Return what a customer with the root key gets: "ok", or the code of the refusal."""
    trust = new_leaf(root, now=NOW).trust()
    found: Attested | Refusal = judge(artifact, lambda *it: check(*it, trust=trust, **more))
    return found.code if isinstance(found, Refusal) else "ok"


def change(artifact: Path, *keys: str | int, to: object) -> None:
    """Change a value of the attestation, found by its keys."""
    whole = json.loads(beside(artifact).read_bytes())
    place: Any = whole
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = to
    beside(artifact).write_text(json.dumps(whole))


def forge(
    artifact: Path,
    statement: bytes,
    *,
    at: datetime = NOW,
    key: SigningKey = LEAF,
    dates: bytes | None = None,
) -> None:
    """Attest to any statement, at any time: what a holder of the leaf could sign."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "any")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.private.public_key())
        .serial_number(serial_of(statement if dates is None else dates))
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=1))
        .sign(key.private, None)
    )
    write(
        artifact,
        statement=statement,
        signature=key.private.sign(signed_bytes(statement)),
        certificate=certificate.public_bytes(Encoding.DER),
        token=key.certificate,
    )


def write(
    artifact: Path, *, statement: bytes, signature: bytes, certificate: bytes, token: str
) -> None:
    """Write an attestation of any parts."""
    whole = {
        "version": 1,
        "verification_material": {
            "certificate": base64.b64encode(certificate).decode(),
            "transparency_entries": [{"coreline": {"certificate": token}}],
        },
        "envelope": {
            "statement": base64.b64encode(statement).decode(),
            "signature": base64.b64encode(signature).decode(),
        },
    }
    beside(artifact).write_text(json.dumps(whole))
