# SPDX-License-Identifier: Apache-2.0
"""Attestations of artifacts, in the form of PEP 740: who released this file, and when.

A signer makes the attestation: the vendor's own key here, an identity of Sigstore in ``identity``.
An own key's time of signing is the beginning of a certificate (X.509) that it made for this one
statement. No log vouches for it: where PEP 740 has entries of a log stands the vendor's own chain
up to the root key, which no verifier of Sigstore takes for one.
"""

import base64
import importlib.util
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from msgspec import structs

from coreline.errors import InputError, InternalError, OutsideError
from coreline.licensing.keyring import replace
from coreline.licensing.keys import SigningKey, seconds
from coreline.releases.attested import ENTRY, Refusal, check
from coreline.releases.model import RECORD_NAME, read_release, write_release
from coreline.releases.sbom import SUFFIX as SBOM_SUFFIX
from coreline.releases.statement import (
    SUFFIX,
    digest_of,
    serial_of,
    signed_bytes,
    statement_bytes,
)
from coreline_sdk.chain import check_use
from coreline_sdk.claims import RELEASE
from coreline_sdk.codes import Refused


class Signer(Protocol):
    """Whoever attests: an own key or an identity."""

    def attestation(self, artifact: Path, sha256: str) -> str:
        """Return the attestation of a file as JSON (PEP 740, attestation object)."""


def attest(artifact: Path, *, signer: Signer) -> Path:
    """Write the attestation of an artifact beside it, and return where.

    Args:
        artifact: the file, by the name that it is released under.
        signer: who attests; an earlier attestation is replaced.

    Raises:
        InputError: there is no such file (``artifact-missing``), or the signer may not sign.
        OutsideError: the library or the network is not there, or the disk refused the file.
    """
    text = signer.attestation(artifact, digest_of(artifact))
    path = artifact.with_name(artifact.name + SUFFIX)
    replace(path, text.encode())
    return path


def artifacts_of(place: Path) -> list[Path]:
    """Return an artifact, or all of those in a folder that ``coreline build`` wrote.

    Nobody signs the record, so what it does not name but lies there is one as well.
    """
    if not place.is_dir():
        return [place]
    release = read_release(place)
    named = {place / one.path for built in release.builds for one in built.artifacts}
    beside = {one.with_name(one.name + end) for one in named for end in (SUFFIX, SBOM_SUFFIX)}
    files = {one for one in place.rglob("*") if one.is_symlink() or not one.is_dir()}
    return sorted(named | (files - beside - {place / RECORD_NAME}))


def attest_release(folder: Path, *, signer: Signer) -> list[Path]:
    """Attest to all artifacts of a folder that ``coreline build`` wrote, and say so in its record.

    Raises:
        InputError: as in ``attest``, or the folder has no record, or an artifact is not the one
            that was built (``artifact-differs``).
    """
    release, written, builds = read_release(folder), [], []
    for built in release.builds:
        artifacts = []
        for one in built.artifacts:
            # What changed after the build was not held against the line.
            if digest_of(folder / one.path) != one.sha256:
                raise InputError(
                    "artifact-differs",
                    f"{one.path} is not the file that was built.",
                    "Build it again; nothing may change an artifact after its check.",
                )
            written.append(attest(folder / one.path, signer=signer))
            said = written[-1].relative_to(folder).as_posix()
            artifacts.append(structs.replace(one, attestation=said))
        builds.append(structs.replace(built, artifacts=artifacts))
    write_release(structs.replace(release, builds=builds), folder)
    return written


@dataclass(frozen=True)
class KeySigner:
    """The vendor's own leaf key, at a time.

    Attributes:
        key: a leaf that is certified for releases.
        now: aware, kept to the second.
    """

    key: SigningKey
    now: datetime

    def attestation(self, artifact: Path, sha256: str) -> str:
        """Return the attestation of a file.

        Raises:
            InputError: the key may not attest (``key-purpose-wrong``), or not at this time
                (``key-outside-dates``).
            OutsideError: the library is not installed (``attest-library-missing``).
        """
        self._check_use()
        require_library()
        # It brings an HTTP client and more along.
        from pypi_attestations import (
            Attestation,
            Envelope,
            TransparencyLogEntry,
            VerificationMaterial,
        )

        statement = statement_bytes(artifact.name, sha256)
        made = Attestation(
            version=1,
            verification_material=VerificationMaterial(
                certificate=base64.b64encode(self._dated(statement)),
                transparency_entries=[
                    TransparencyLogEntry({ENTRY: {"certificate": self.key.certificate}})
                ],
            ),
            envelope=Envelope(
                statement=base64.b64encode(statement),
                signature=base64.b64encode(self.key.private.sign(signed_bytes(statement))),
            ),
        )
        text = made.model_dump_json()
        self._read_back(text, artifact.name, sha256)
        return text

    def _check_use(self) -> None:
        try:
            check_use(self.key.claims, RELEASE, seconds(self.now))
        except Refused as refused:
            wrong = RELEASE not in self.key.claims.purposes
            raise InputError(
                "key-purpose-wrong" if wrong else "key-outside-dates",
                f"The leaf key {self.key.kid[:8]} may not attest: {refused.sentence}",
                "Make one that may: coreline keys rotate --for release.",
            ) from refused

    def _dated(self, statement: bytes) -> bytes:
        """Return the certificate that says when a statement was signed (RFC 5280, RFC 8410)."""
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import Encoding

        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, self.key.kid)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.private.public_key())
            .serial_number(serial_of(statement))
            .not_valid_before(datetime.fromtimestamp(seconds(self.now), UTC))
            .not_valid_after(datetime.fromtimestamp(self.key.claims.expires_at, UTC))
        )
        # Ed25519 hashes by itself (RFC 8032), so no digest is named.
        return builder.sign(self.key.private, None).public_bytes(Encoding.DER)

    def _read_back(self, text: str, name: str, sha256: str) -> None:
        checked = check(text.encode(), name, sha256, trust=self.key.trust())
        if isinstance(checked, Refusal):
            raise InternalError(
                "attestation-unverifiable", f"What was signed is refused: {checked.sentence}"
            )


def require_library() -> None:
    """Check that the library of attestations is there.

    Raises:
        OutsideError: it is not installed (``attest-library-missing``).
    """
    if importlib.util.find_spec("pypi_attestations") is None:
        raise OutsideError(
            "attest-library-missing",
            "Attestations are written by pypi-attestations, which is not installed.",
            "Install coreline with its extra: coreline[release].",
        )
