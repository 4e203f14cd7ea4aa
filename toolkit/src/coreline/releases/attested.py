# SPDX-License-Identifier: Apache-2.0
"""Whether an attestation holds: of this artifact, by a leaf key that the vendor's root certifies.

Whoever has the artifact, its attestation and the line that products carry can check it, offline
and without the library that writes attestations. Identities of Sigstore are for ``identity``.
"""

import base64
import binascii
import json
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from coreline.errors import InputError
from coreline.releases.statement import (
    SUFFIX,
    digest_of,
    is_name_of,
    serial_of,
    signed_bytes,
    statement_bytes,
)
from coreline_sdk.chain import Leaf, Trust, check_use
from coreline_sdk.claims import RELEASE
from coreline_sdk.codes import Refused
from coreline_sdk.jws import Json

ENTRY = "coreline"
"""What the one entry is called that stands where a log's would; it holds the leaf's chain."""

BYTES_MAX = 256 * 1024
"""An attestation of more bytes is none."""


_ED25519 = bytes.fromhex("300506032b6570")
"""The algorithm's identifier in DER, without parameters (RFC 8410, 3)."""
_SIGNATURE_HEAD = bytes.fromhex("034100")
"""What stands before a signature of 64 bytes in DER: a string of bits, none of them unused."""


class Attested(NamedTuple):
    """An attestation that holds: whose, and when it was signed as the signer says."""

    signer: str
    """The id of a leaf key, or an identity."""
    at: datetime | None


class Refusal(NamedTuple):
    """Why one does not hold."""

    code: str
    sentence: str


class Parts(NamedTuple):
    """An attestation taken apart, nothing of it believed."""

    statement: bytes
    signature: bytes
    certificate: bytes
    entry: Json


class _No(Exception):  # noqa: N818 - a rule that is not kept; it never leaves this module.
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.refusal = Refusal(code, sentence)


def judge(
    artifact: Path, check_one: Callable[[bytes, str, str], Attested | Refusal]
) -> Attested | Refusal:
    """Judge the attestation that lies beside an artifact.

    Args:
        artifact: the file.
        check_one: takes the attestation, and the artifact's name and SHA-256.

    Raises:
        InputError: ``artifact-missing``, ``artifact-unreadable`` or ``attestation-unreadable``.
    """
    sha256 = digest_of(artifact)
    path = artifact.with_name(artifact.name + SUFFIX)
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_MAX + 1)
    except FileNotFoundError:
        return Refusal("attestation-missing", f"There is no {path.name} beside it.")
    except OSError as error:
        raise InputError(
            "attestation-unreadable",
            f"{path} cannot be read: {error.strerror}.",
            "Give a file that you may read.",
        ) from error
    return check_one(data, artifact.name, sha256)


def check(
    data: bytes, name: str, sha256: str, *, trust: Trust, revoked: frozenset[str] = frozenset()
) -> Attested | Refusal:
    """Check an attestation by an own key.

    Args:
        data: the file.
        name: of the artifact.
        sha256: of its bytes, in lower-case hex.
        trust: the vendor's root key.
        revoked: ids of leaf keys that were stolen: nothing that they signed counts.
    """
    try:
        parts = take_apart(data)
        _check_statement(parts.statement, name, sha256)
        leaf = _leaf(parts.entry, trust)
        if leaf.claims.kid in revoked:
            raise _No("key-revoked", f"The leaf key {leaf.claims.kid[:8]} is revoked.")
        _check_signature(leaf.key, parts.signature, signed_bytes(parts.statement), "attestation")
        at = _time(parts, leaf)
        check_use(leaf.claims, RELEASE, int(at.timestamp()))
    except Refused as refused:
        return Refusal(refused.code.name, f"The key does not count: {refused.sentence}")
    except _No as no:
        return no.refusal
    return Attested(leaf.claims.kid, at)


def take_apart(data: bytes) -> Parts:
    """Read an attestation object of exactly the keys that PEP 740 gives it.

    Raises:
        _No: it is none (``attestation-malformed``).
    """
    if len(data) > BYTES_MAX:
        raise _malformed("it is too large")
    try:
        whole: Json = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _malformed("it is no JSON") from error
    version, material, envelope = _fields(whole, "version", "verification_material", "envelope")
    if type(version) is not int or version != 1:
        raise _malformed("its version is not 1")
    certificate, entries = _fields(material, "certificate", "transparency_entries")
    statement, signature = _fields(envelope, "statement", "signature")
    if not isinstance(entries, list) or len(entries) != 1:
        raise _malformed("it has not exactly one entry of a log")
    return Parts(_raw(statement), _raw(signature), _raw(certificate), entries[0])


def _fields(value: Json, *keys: str) -> list[Json]:
    if not isinstance(value, dict) or value.keys() != set(keys):
        raise _malformed(f"it has no object of {', '.join(keys)}")
    return [value[key] for key in keys]


def _raw(text: Json) -> bytes:
    if not isinstance(text, str):
        raise _malformed("it has no base64")
    try:
        # Registries break the lines of base64 (RFC 2045), and PEP 740 does not say.
        letters = text.replace("\n", "").encode("ascii")
        raw = base64.b64decode(letters, validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise _malformed("it has no base64") from error
    # Decoders pass over bits that are left in the last letter, so two texts would mean the same.
    if base64.b64encode(raw) != letters:
        raise _malformed("it has no base64 in its only form")
    return raw


def _check_statement(statement: bytes, name: str, sha256: str) -> None:
    """Check that a statement is the one about this artifact, byte by byte."""
    try:
        said: Json = json.loads(statement)
    except (ValueError, RecursionError) as error:
        raise _malformed("its statement is no JSON") from error
    subjects = said.get("subject") if isinstance(said, dict) else None
    first = subjects[0] if isinstance(subjects, list) and len(subjects) == 1 else None
    subject = first.get("name") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(subject, str):
        raise _malformed("its statement has not exactly one subject")
    if not is_name_of(subject, name):
        raise _No("attestation-of-another", f"It is about {subject!r}, not {name!r}.")
    if first.get("digest") != {"sha256": sha256}:
        raise _No("artifact-changed", "The artifact's bytes are not those that were attested.")
    if statement != statement_bytes(subject, sha256):
        raise _malformed("its statement is not that of a release")


def _leaf(entry: Json, trust: Trust) -> Leaf:
    """Return the key that a chain names."""
    if not isinstance(entry, dict) or entry.keys() != {ENTRY}:
        raise _No("attestation-not-own", "It is not by an own key: verify it with --identity.")
    (token,) = _fields(entry[ENTRY], "certificate")
    if not isinstance(token, str):
        raise _malformed("its chain is no token")
    found = list(trust.leaves([token]).values())
    if not found:
        raise _No("key-unknown", "No such root key stands behind the leaf key that signed it.")
    return found[0]


def _time(parts: Parts, leaf: Leaf) -> datetime:
    """Return when a statement was signed, as the certificate that was made for it alone says."""
    try:
        with warnings.catch_warnings():
            # What the library only warns of, such as a serial number below zero, is refused.
            warnings.simplefilter("error")
            dated = x509.load_der_x509_certificate(parts.certificate)
            serial, at = dated.serial_number, dated.not_valid_before_utc
            is_leaf = dated.public_key() == leaf.key
            signature, signed = dated.signature, dated.tbs_certificate_bytes
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm, Warning) as error:
        raise _malformed("its certificate is none") from error
    # The algorithm outside what is signed must be the one inside (RFC 5280, 4.1.1.2), which the
    # library does not look at.
    if not parts.certificate.endswith(signed + _ED25519 + _SIGNATURE_HEAD + signature):
        raise _malformed("its certificate has another form")
    if not is_leaf:
        raise _No("key-differs", "Its certificate is of another key than its chain.")
    if serial != serial_of(parts.statement):
        raise _No("certificate-of-another", "Its certificate dates another statement.")
    _check_signature(leaf.key, signature, signed, "certificate")
    return at.astimezone(UTC)


def _check_signature(key: Ed25519PublicKey, signature: bytes, signed: bytes, what: str) -> None:
    try:
        key.verify(signature, signed)
    except InvalidSignature as error:
        raise _No("signature-wrong", f"The {what}'s signature does not match.") from error


def _malformed(reason: str) -> _No:
    return _No("attestation-malformed", f"It is no attestation of a release: {reason}.")
