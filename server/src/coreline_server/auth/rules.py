# SPDX-License-Identifier: Apache-2.0
"""How passwords are kept, secrets are hashed, forms are bound and the audit log is chained.

No input or output here: salts, secrets and the time are passed in.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from coreline.errors import InputError
from coreline_server.auth.model import AuditEntry, Scope

# scrypt (RFC 7914) with the cost that OWASP's password storage sheet gives for an interactive
# sign-in: 32 MiB and some 80 ms. They are stored with each password, so they can be raised later.
SCRYPT_N = 2**15
SCRYPT_R = 8
SCRYPT_P = 3
SCRYPT_MEMORY_MAX = 128 * 1024 * 1024
PASSWORD_LENGTH_MIN = 12

GENESIS = b"\0" * 32


def require_good_password(password: str) -> None:
    """Refuse a password that can be guessed by trying.

    Raises:
        InputError: it is shorter than NIST SP 800-63B, 3.1.1.2 advises (``password-too-short``).
    """
    if len(password) < PASSWORD_LENGTH_MIN:
        raise InputError(
            "password-too-short",
            f"The password has {len(password)} characters; {PASSWORD_LENGTH_MIN} are the least.",
            "Use a phrase of several words; length is what counts.",
        )


def keep_password(password: str, salt: bytes) -> str:
    """Return what is stored of a password: the method, its parameters, the salt, the hash."""
    digest = _scrypt(password, salt, SCRYPT_N, SCRYPT_R, SCRYPT_P)
    parts = ("scrypt", str(SCRYPT_N), str(SCRYPT_R), str(SCRYPT_P), _text(salt), _text(digest))
    return "$".join(parts)


def password_matches(password: str, kept: str) -> bool:
    """Say whether a password is the stored one, in a time that tells nothing about it."""
    method, n, r, p, salt, digest = kept.split("$")
    if method != "scrypt":
        return False
    got = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(got, base64.b64decode(digest))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    secret = password.encode()
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=p, maxmem=SCRYPT_MEMORY_MAX, dklen=32)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def secret_of(prefix: str, entropy: bytes) -> str:
    """Make a secret from 32 random bytes; its prefix says what it is to people and to scanners."""
    return f"{prefix}_{base64.urlsafe_b64encode(entropy).rstrip(b'=').decode()}"


def digest_of(secret: str) -> bytes:
    """Hash a random secret for storing. It has 256 bits of its own, so a fast hash is right."""
    return hashlib.sha256(secret.encode()).digest()


def same_secret(digest: bytes, secret: str) -> bool:
    """Compare a stored hash with a secret in constant time."""
    return hmac.compare_digest(digest, digest_of(secret))


def form_token(session: str) -> str:
    """Return what a form of a session must carry, so that no other site can post it."""
    return hmac.new(session.encode(), b"coreline-form", hashlib.sha256).hexdigest()


def from_own_page(origin: str | None, fetch_site: str | None, host: str) -> bool:
    """Say whether a form was posted from a page of this server.

    Browsers send Origin with every POST (Fetch standard, section 3.1); a client that sends neither
    header is not a browser and carries no one's cookie.
    """
    if fetch_site is not None and fetch_site not in ("same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc == host


def allows(held: Scope, needed: Scope) -> bool:
    """Say whether a scope covers another: admin covers everything, upload only itself."""
    return held in ("admin", needed)


def audit_hash(entry: AuditEntry) -> bytes:
    """Hash an entry together with the hash of the entry before it."""
    values = [entry.sequence, entry.at, entry.who, entry.what, entry.subject, entry.previous.hex()]
    return hashlib.sha256(json.dumps(values, separators=(",", ":")).encode()).digest()


def first_broken(entries: Iterable[AuditEntry]) -> int | None:
    """Return the place (1 is the first) where a chain was changed, cut out or reordered, if any.

    An end that was cut off leaves a whole chain, so compare the last hash with one noted elsewhere.
    """
    previous = GENESIS
    for number, entry in enumerate(entries, start=1):
        intact = (
            entry.sequence == number
            and entry.previous == previous
            and hmac.compare_digest(entry.hash, audit_hash(entry))
        )
        if not intact:
            return number
        previous = entry.hash
    return None
