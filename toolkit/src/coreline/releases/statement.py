# SPDX-License-Identifier: Apache-2.0
"""What an attestation states, as the bytes that are signed: this file, by this name, is released.

An in-toto statement (v1) of PyPI's publish predicate (PEP 740) in a DSSE envelope. One artifact
has one statement: whoever verifies builds it again and compares bytes, so nothing else can hide
in it.
"""

import hashlib
import json
from pathlib import Path

from packaging.utils import parse_sdist_filename, parse_wheel_filename

from coreline.errors import InputError

SUFFIX = ".publish.attestation"
"""What the name of an attestation has after that of its artifact: uploaders look for it so."""

# In parts, since it is a name of a kind of statement and no address of an index to ask.
PREDICATE_TYPE = f"https://{'.'.join(('docs', 'pypi', 'org'))}/attestations/publish/v1"
_STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
_PAYLOAD_TYPE = "application/vnd.in-toto+json"


def statement_bytes(name: str, sha256: str) -> bytes:
    """Return the statement of an artifact.

    Args:
        name: of the file.
        sha256: of its bytes, in lower-case hex.
    """
    # The order is in-toto's, and the bytes are those that Sigstore's own library signs.
    statement = {
        "_type": _STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": sha256}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": None,
    }
    return json.dumps(statement, separators=(",", ":")).encode()


def signed_bytes(statement: bytes) -> bytes:
    """Return what is signed of a statement: its pre-authentication encoding (DSSE v1)."""
    return b"DSSEv1 %d %s %d %s" % (
        len(_PAYLOAD_TYPE),
        _PAYLOAD_TYPE.encode(),
        len(statement),
        statement,
    )


def serial_of(statement: bytes) -> int:
    """Return the serial number of the certificate that dates a statement.

    It is made of the statement, so that no certificate can be moved from one statement to
    another. The most that a number may have is 20 octets without a sign (RFC 5280, 4.1.2.2).
    """
    return int.from_bytes(hashlib.sha256(statement).digest()[:20]) >> 1


def is_name_of(subject: str, artifact: str) -> bool:
    """Return whether a statement's name is an artifact's; Python's may be spelled otherwise."""
    return subject == artifact or (
        (parsed := _distribution(subject)) is not None and parsed == _distribution(artifact)
    )


def _distribution(name: str) -> object:
    """Return what the name of a wheel or sdist says (PEP 427, PEP 625); None for another name."""
    try:
        if name.endswith(".whl"):
            return parse_wheel_filename(name)
        return parse_sdist_filename(name) if name.endswith((".tar.gz", ".zip")) else None
    except ValueError:
        return None


def digest_of(artifact: Path) -> str:
    """Return the SHA-256 of a file's bytes, in lower-case hex.

    Raises:
        InputError: there is no such file (``artifact-missing``), or it cannot be read
            (``artifact-unreadable``).
    """
    try:
        with artifact.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError(
            "artifact-missing", f"{artifact} is no file.", "Name a file that coreline build wrote."
        ) from error
    except OSError as error:
        raise InputError(
            "artifact-unreadable",
            f"{artifact} cannot be read: {error.strerror}.",
            "Give a file that you may read.",
        ) from error
