# SPDX-License-Identifier: Apache-2.0
"""Attestations by an own key: they hold for the one artifact, and for nothing that was changed."""

import base64
import hashlib
import importlib.util
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attesting import (
    LEAF,
    NOW,
    OTHER_ROOT,
    PRIVATE,
    ROOT,
    WHEEL,
    attested,
    beside,
    change,
    forge,
    verdict,
)
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from pypi_attestations import Attestation, AttestationType, ConversionError
from sigstore.dsse import DigestSet, StatementBuilder, Subject

from coreline.errors import InputError, OutsideError
from coreline.licensing.keys import new_leaf
from coreline.releases.attest import KeySigner, attest
from coreline.releases.attested import Attested, check
from coreline.releases.statement import serial_of, signed_bytes, statement_bytes

SHA256 = hashlib.sha256(b"wheel").hexdigest()


def test_a_customer_with_the_root_key_learns_who_and_when(tmp_path: Path) -> None:
    data = beside(attested(tmp_path)).read_bytes()
    assert check(data, WHEEL, SHA256, trust=LEAF.trust()) == Attested(LEAF.kid, NOW)


def test_the_same_key_and_time_give_the_same_bytes(tmp_path: Path) -> None:
    first = beside(attested(tmp_path)).read_bytes()
    assert beside(attested(tmp_path)).read_bytes() == first


@pytest.mark.parametrize(
    "name", [WHEEL, "acme_core-1.2.tar.gz", "acme-1.2.tgz", "acme-1.2.gem", "v1.2.0.zip", "ä 1"]
)
def test_any_kind_of_artifact(tmp_path: Path, name: str) -> None:
    assert verdict(attested(tmp_path, name)) == "ok"


def test_pypi_attestations_reads_it_and_finds_no_log(tmp_path: Path) -> None:
    read = Attestation.model_validate_json(beside(attested(tmp_path)).read_bytes())
    assert read.statement["subject"] == [{"name": WHEEL, "digest": {"sha256": SHA256}}]
    assert AttestationType(read.statement["predicateType"]) is AttestationType.PYPI_PUBLISH_V1
    dated = x509.load_der_x509_certificate(read.verification_material.certificate)
    dated.verify_directly_issued_by(dated)
    assert dated.not_valid_before_utc == NOW
    assert dated.not_valid_after_utc == datetime.fromtimestamp(LEAF.claims.expires_at, UTC)
    with pytest.raises(ConversionError, match="transparency log entry"):
        read.to_bundle()


def test_the_statement_is_what_sigstore_signs() -> None:
    subject = Subject(name=WHEEL, digest=DigestSet(root={"sha256": SHA256}))
    built = StatementBuilder().subjects([subject]).predicate_type(AttestationType.PYPI_PUBLISH_V1)
    statement = statement_bytes(WHEEL, SHA256)
    assert statement == built.build()._contents
    assert signed_bytes(statement) == built.build()._pae()


@given(st.binary(max_size=200))
@settings(deadline=None, derandomize=True, max_examples=50)
def test_a_serial_number_is_one_that_certificates_may_have(statement: bytes) -> None:
    assert 0 < serial_of(statement) < 2**159


def test_every_letter_of_base64_counts(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    whole = json.loads(beside(artifact).read_bytes())
    signature = whole["envelope"]["signature"]
    assert signature.endswith("==")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = letters[letters.index(signature[-3]) + 1]
    other = f"{signature[:-3]}{last}=="
    assert base64.b64decode(other, validate=True) == base64.b64decode(signature)
    change(artifact, "envelope", "signature", to=other)
    assert verdict(artifact) == "attestation-malformed"


def test_a_registry_may_break_lines_and_order_keys(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    whole = json.loads(beside(artifact).read_bytes())
    text = whole["envelope"]["statement"]
    whole["envelope"]["statement"] = f"{text[:76]}\n{text[76:]}\n"
    beside(artifact).write_text(json.dumps(dict(reversed(whole.items())), indent=4))
    assert verdict(artifact) == "ok"


def test_a_name_of_python_may_be_spelled_otherwise_and_no_other(tmp_path: Path) -> None:
    for name, other, code in (
        ("Acme.Core-1.2.tar.gz", "acme_core-1.2.tar.gz", "ok"),
        ("acme_core-1.2.tar.gz", "acme_core-1.3.tar.gz", "attestation-of-another"),
        ("acme-1.2.tgz", "Acme-1.2.tgz", "attestation-of-another"),
        (WHEEL, "acme_core-1.2-py2-none-any.whl", "attestation-of-another"),
    ):
        artifact = attested(tmp_path, name)
        moved = artifact.rename(tmp_path / other)
        beside(artifact).rename(beside(moved))
        assert verdict(moved) == code


# What somebody without the key can do.


def test_a_changed_artifact(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    artifact.write_bytes(b"wheel!")
    assert verdict(artifact) == "artifact-changed"


def test_no_attestation(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    beside(artifact).unlink()
    assert verdict(artifact) == "attestation-missing"


def test_swapped_attestations(tmp_path: Path) -> None:
    one, two = attested(tmp_path), attested(tmp_path, "acme-1.2.tgz", b"npm")
    first, second = beside(one).read_bytes(), beside(two).read_bytes()
    beside(one).write_bytes(second)
    beside(two).write_bytes(first)
    assert {verdict(one), verdict(two)} == {"attestation-of-another"}


def test_a_statement_about_other_bytes_that_nobody_signed(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    artifact.write_bytes(b"evil")
    said = statement_bytes(WHEEL, hashlib.sha256(b"evil").hexdigest())
    change(artifact, "envelope", "statement", to=_base64(said))
    assert verdict(artifact) == "signature-wrong"


def test_a_signature_of_another_key(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    signature = Ed25519PrivateKey.generate().sign(signed_bytes(statement_bytes(WHEEL, SHA256)))
    change(artifact, "envelope", "signature", to=_base64(signature))
    assert verdict(artifact) == "signature-wrong"


def test_a_chain_to_another_root_key(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    assert verdict(artifact, OTHER_ROOT) == "key-unknown"
    # The thief certifies the vendor's own leaf with a root of his own.
    theirs = new_leaf(OTHER_ROOT, now=NOW, purposes=("release",), private=PRIVATE)
    entry = {"coreline": {"certificate": theirs.certificate}}
    change(artifact, "verification_material", "transparency_entries", 0, to=entry)
    assert verdict(artifact) == "key-unknown"


def test_a_damaged_chain(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    token = LEAF.certificate[:-10] + "AAAAAAAA" + LEAF.certificate[-2:]
    place = ("verification_material", "transparency_entries", 0, "coreline", "certificate")
    change(artifact, *place, to=token)
    assert verdict(artifact) == "signature-wrong"
    change(artifact, *place, to=7)
    assert verdict(artifact) == "attestation-malformed"


def test_a_certificate_of_another_attestation(tmp_path: Path) -> None:
    artifact, other = attested(tmp_path), attested(tmp_path, "acme-1.2.tgz")
    moved = json.loads(beside(other).read_bytes())["verification_material"]["certificate"]
    change(artifact, "verification_material", "certificate", to=moved)
    assert verdict(artifact) == "certificate-of-another"


def test_a_certificate_of_another_key(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    other = new_leaf(ROOT, now=NOW, purposes=("release",))
    attest(artifact, signer=KeySigner(other, NOW))
    theirs = json.loads(beside(artifact).read_bytes())["verification_material"]["certificate"]
    attested(tmp_path)
    change(artifact, "verification_material", "certificate", to=theirs)
    assert verdict(artifact) == "key-differs"


def test_every_byte_of_the_certificate_counts(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    place = ("verification_material", "certificate")
    der = base64.b64decode(json.loads(beside(artifact).read_bytes())[place[0]][place[1]])
    for at, byte in enumerate(der):
        for bit in range(8):
            changed = der[:at] + bytes([byte ^ 1 << bit]) + der[at + 1 :]
            change(artifact, *place, to=_base64(changed))
            assert verdict(artifact) != "ok", (at, bit)


def test_an_attestation_of_a_log_is_for_its_own_verifier(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    change(artifact, "verification_material", "transparency_entries", 0, to={"logIndex": "1"})
    assert verdict(artifact) == "attestation-not-own"


_MALFORMED: list[tuple[tuple[str | int, ...], object]] = [
    (("version",), 2),
    (("version",), True),
    (("more",), 1),
    (("envelope",), []),
    (("envelope", "statement"), "e30"),
    (("envelope", "statement"), "ä"),
    # The last letter has bits over, which decoders pass over.
    (("envelope", "signature"), "A" * 85 + "B=="),
    (("envelope", "signature"), 7),
    (("envelope", "statement"), "e30="),
    (("envelope", "statement"), "Ww=="),
    (("verification_material", "transparency_entries"), []),
    (("verification_material", "certificate"), "AAAA"),
    (("verification_material", "transparency_entries", 0), {"coreline": {}}),
]


@pytest.mark.parametrize(("place", "value"), _MALFORMED)
def test_another_form(tmp_path: Path, place: tuple[str | int, ...], value: object) -> None:
    artifact = attested(tmp_path)
    change(artifact, *place, to=value)
    assert verdict(artifact) == "attestation-malformed"


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 100_000, b" " * 262_145])
def test_no_attestation_at_all(tmp_path: Path, data: bytes) -> None:
    artifact = attested(tmp_path)
    beside(artifact).write_bytes(data)
    assert verdict(artifact) == "attestation-malformed"


@given(st.data())
@settings(deadline=None, derandomize=True, max_examples=300)
def test_a_changed_byte_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    artifact = attested(tmp_path_factory.getbasetemp())
    whole = bytearray(beside(artifact).read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] = data.draw(st.integers(0, 255).filter(lambda value: value != whole[at]))
    beside(artifact).write_bytes(whole)
    assert verdict(artifact) != "ok"


# What the holder of a leaf can do, and must not get away with.


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime.fromtimestamp(LEAF.claims.starts_at, UTC), "ok"),
        (datetime.fromtimestamp(LEAF.claims.starts_at - 1, UTC), "issued-outside-key"),
        (datetime.fromtimestamp(LEAF.claims.expires_at - 1, UTC), "ok"),
        (datetime.fromtimestamp(LEAF.claims.expires_at, UTC), "issued-outside-key"),
    ],
)
def test_a_leaf_attests_inside_its_dates(tmp_path: Path, at: datetime, code: str) -> None:
    artifact = attested(tmp_path)
    forge(artifact, statement_bytes(WHEEL, SHA256), at=at)
    assert verdict(artifact) == code
    if code != "ok":
        with pytest.raises(InputError) as refused:
            attest(artifact, signer=KeySigner(LEAF, at))
        assert refused.value.code == "key-outside-dates"


def test_what_an_ended_leaf_attested_holds_on(tmp_path: Path) -> None:
    # Nothing asks for the time of verifying, so this holds on any later day.
    artifact = attested(tmp_path)
    assert LEAF.claims.expires_at < datetime(2027, 1, 1, tzinfo=UTC).timestamp()
    assert verdict(artifact) == "ok"


def test_a_leaf_that_sells_attests_nothing(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    seller = new_leaf(ROOT, now=NOW)
    forge(artifact, statement_bytes(WHEEL, SHA256), key=seller)
    assert verdict(artifact) == "purpose-wrong"
    with pytest.raises(InputError) as refused:
        attest(artifact, signer=KeySigner(seller, NOW))
    assert refused.value.code == "key-purpose-wrong"


def test_a_revoked_leaf(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    assert verdict(artifact, revoked=frozenset({LEAF.kid})) == "key-revoked"
    assert verdict(artifact, revoked=frozenset({"other"})) == "ok"


def test_an_older_certificate_dates_no_later_statement(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    older = statement_bytes(WHEEL, hashlib.sha256(b"older").hexdigest())
    forge(artifact, statement_bytes(WHEEL, SHA256), at=NOW - timedelta(hours=1), dates=older)
    assert verdict(artifact) == "certificate-of-another"


def test_a_signed_statement_says_one_thing_in_one_form(tmp_path: Path) -> None:
    artifact = attested(tmp_path)
    plain = json.loads(statement_bytes(WHEEL, SHA256))
    for change_of, code in (
        ({"subject": plain["subject"] * 2}, "attestation-malformed"),
        ({"subject": []}, "attestation-malformed"),
        ({"subject": [{"digest": {"sha256": SHA256}}]}, "attestation-malformed"),
        ({"subject": [{"name": WHEEL, "digest": {"md5": SHA256}}]}, "artifact-changed"),
        ({"predicateType": "https://slsa.dev/provenance/v1"}, "attestation-malformed"),
        ({"_type": "https://in-toto.io/Statement/v0.1"}, "attestation-malformed"),
        ({"predicate": {"more": 1}}, "attestation-malformed"),
    ):
        forge(artifact, json.dumps(plain | change_of, separators=(",", ":")).encode())
        assert verdict(artifact) == code, change_of
    forge(artifact, json.dumps(plain).encode())
    assert verdict(artifact) == "attestation-malformed"


def test_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError) as missing:
        attest(tmp_path / "none", signer=KeySigner(LEAF, NOW))
    assert missing.value.code == "artifact-missing"
    artifact = attested(tmp_path)
    beside(artifact).unlink()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(OutsideError) as absent:
        attest(artifact, signer=KeySigner(LEAF, NOW))
    assert absent.value.code == "attest-library-missing"
    assert not beside(artifact).exists()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
