# SPDX-License-Identifier: Apache-2.0
"""Say what a license says and whether it holds, for people and scripts. The SDK decides."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from coreline.errors import InputError
from coreline.licensing.keys import seconds
from coreline_sdk.armor import ARMOR_BYTES_MAX, read_armor
from coreline_sdk.chain import KEY_PREFIX, Trust
from coreline_sdk.claims import TIME_MAX, TIME_MIN
from coreline_sdk.codes import Refused
from coreline_sdk.jws import (
    KEY_TYPE,
    LICENSE_TYPE,
    REVOCATIONS_TYPE,
    Json,
    canonical_object,
    take_apart,
)
from coreline_sdk.standing import standing
from coreline_sdk.verify import Revocations, verify_license, verify_revocations

_TIMES = frozenset({"iat", "nbf", "exp"})


@dataclass(frozen=True)
class Answer:
    """Whether a license allows its features."""

    entitled: bool
    code: str
    sentence: str
    hint: str

    def to_json(self) -> dict[str, object]:
        """Return the answer as an object of JSON."""
        return asdict(self)


def read_file(path: Path) -> str:
    """Read a license file or a revocation list.

    Raises:
        InputError: ``file-not-found`` or ``file-unreadable``.
    """
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            # One character more than is allowed, so that verifying it says that it is too large.
            return file.read(ARMOR_BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise InputError("file-not-found", f"There is no {path}.", "Check the path.") from error
    except OSError as error:
        raise InputError(
            "file-unreadable",
            f"{path} cannot be read: {error.strerror}.",
            "Give a file that you may read.",
        ) from error


def read_root(folder: Path, given: str) -> str:
    """Return the root key's public line, given itself or as the path of a file with it.

    Raises:
        InputError: it is neither (``root-key-malformed``).
    """
    path = folder / given
    text = given
    if not given.startswith(KEY_PREFIX) and path.is_file():
        text = read_file(path).strip()
    try:
        Trust([text])
    except Refused as refused:
        raise InputError(
            "root-key-malformed", f"{given} is no root key and no file with one.", refused.hint
        ) from refused
    return text


def verify_text(
    text: str,
    *,
    root: str,
    product: str | None,
    at: datetime,
    built: datetime | None,
    revocations: str | None = None,
) -> Answer:
    """Return whether a license file allows its features at a time, for a build.

    Raises:
        InputError: the list beside it is refused (``revocations-refused``).
    """
    trust = Trust([root])
    try:
        found = verify_license(text, trust, product)
    except Refused as refused:
        return Answer(False, refused.code.name, refused.sentence, refused.hint)
    lists = () if revocations is None else _lists(revocations, trust)
    stand = standing(
        found,
        now=seconds(at),
        built_at=None if built is None else seconds(built),
        lists=lists,
    )
    code = stand.code
    return Answer(stand.until > seconds(at), code.name, code.sentence, code.hint)


def _lists(text: str, trust: Trust) -> tuple[Revocations, ...]:
    try:
        return verify_revocations(text, trust)
    except Refused as refused:
        # Products pass over such a list, so it says nothing about the license either way.
        raise InputError(
            "revocations-refused",
            f"The revocation list is refused: {refused.sentence}",
            "Give the vendor's revocations.txt, whole and unchanged.",
        ) from refused


def inspect_text(text: str, roots: Sequence[str], now: datetime) -> dict[str, Json]:
    """Return all that a license file says; ``verified`` is false without root keys.

    Raises:
        InputError: it cannot be taken apart (``license-malformed``).
    """
    try:
        armor = read_armor(text)
        found: dict[str, Json] = {
            "verified": bool(roots),
            "license": _claims(armor.license, LICENSE_TYPE),
            "keys": [_claims(token, KEY_TYPE) for token in armor.certificates],
            "revocations": [_claims(token, REVOCATIONS_TYPE) for token in armor.revocations],
        }
    except Refused as refused:
        raise InputError("license-malformed", refused.sentence, refused.hint) from refused
    if roots:
        answer = verify_text(text, root=roots[0], product=None, at=now, built=None)
        # A license that has ended is still a verified one: what it says is what was signed.
        found["verified"] = _is_signed(text, roots)
        found["status"] = {"code": answer.code, "sentence": answer.sentence, "hint": answer.hint}
    return found


def lines(found: dict[str, Json]) -> Iterator[str]:
    """Yield an inspection as lines for people."""
    status = found.get("status")
    if isinstance(status, dict):
        yield f"{status['sentence']} [{status['code']}]"
    elif not found["verified"]:
        yield "UNVERIFIED: give --root KEY to check the signatures."
    for title in ("license", "keys", "revocations"):
        value = found[title]
        for claims in value if isinstance(value, list) else [value]:
            if isinstance(claims, dict):
                yield ""
                yield title.removesuffix("s")
                yield from (
                    f"  {_printable(name):<12}{_show(name, item)}" for name, item in claims.items()
                )


def _is_signed(text: str, roots: Sequence[str]) -> bool:
    try:
        verify_license(text, Trust(roots), None)
    except Refused:
        return False
    return True


def _claims(token: str | None, typ: str) -> dict[str, Json] | None:
    if token is None:
        return None
    opened = take_apart(token, typ)
    return {"kid": opened.kid, **canonical_object(opened.payload)}


def _show(name: str, value: Json) -> str:
    if name in _TIMES and type(value) is int and TIME_MIN <= value <= TIME_MAX:
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, list):
        return ", ".join(_printable(str(one)) for one in value) or "none"
    return _printable(str(value))


def _printable(text: str) -> str:
    # What was not verified may be made to fool the terminal that shows it.
    return text if text.isprintable() else repr(text)
