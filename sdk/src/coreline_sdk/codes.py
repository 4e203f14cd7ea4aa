# SPDX-License-Identifier: Apache-2.0
"""Every answer a license check can give: a stable code, a sentence and a hint.

    state         meaning                                          entitled
    unconfigured  no license was given                             no
    valid         inside its dates                                 yes
    trial         inside its dates, to try                         yes
    grace         expired less than grace_days ago                 yes
    kept          expired, but this build is dated before that     yes
    expired       neither grace nor the build's date keeps it      no
    early         its first day has not come                       no
    revoked       a signed list names it, or the key that made it  no
    elsewhere     made for another product                         no
    damaged       it could not be verified                         no

Programs rely on the names; ``sdk/vectors`` shows a case of each to verifiers in other languages.
"""

from typing import NamedTuple


class Code(NamedTuple):
    """One answer: its stable name, the state it belongs to, a sentence and what to do."""

    name: str
    state: str
    sentence: str
    hint: str


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the program.
    """A token, an armor or a key was refused.

    Attributes:
        code: which refusal.
        sentence, hint: for a person.
        detail: what in particular, such as the name of the claim; may be empty.
    """

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code.sentence} ({detail})" if detail else code.sentence)
        self.code = code
        self.sentence = str(self)
        self.hint = code.hint
        self.detail = detail

    def __reduce__(self) -> tuple[type["Refused"], tuple[Code, str]]:
        """Survive the way out of a worker process."""
        return Refused, (self.code, self.detail)


class NotEntitled(Exception):  # noqa: N818 - the name that products catch says the state.
    """A gate is closed: the license does not hold the feature.

    Attributes:
        feature: the feature that was asked for.
        code: the stable name of the answer, such as ``expired`` or ``feature-not-licensed``.
        sentence, hint: for a person.
    """

    def __init__(self, feature: str, code: str, sentence: str, hint: str) -> None:
        super().__init__(f"{sentence} {hint}".strip())
        self.feature = feature
        self.code = code
        self.sentence = sentence
        self.hint = hint

    def __reduce__(self) -> tuple[type["NotEntitled"], tuple[str, str, str, str]]:
        """Survive the way out of a worker process."""
        return NotEntitled, (self.feature, self.code, self.sentence, self.hint)


_COPY_AGAIN = "Copy the license file again, whole and unchanged, or ask the vendor for it."
_ASK_VENDOR = "Ask the vendor for a new license file and quote this code."
_UPGRADE = "Upgrade the product, or ask the vendor for a license file that this version knows."

UNCONFIGURED = Code(
    "unconfigured",
    "unconfigured",
    "No license is configured.",
    "Give a license file or set CORELINE_LICENSE. The core works without one.",
)
VALID = Code("valid", "valid", "The license is valid.", "")
TRIAL = Code("trial", "trial", "The license is a trial.", "Buy a license before it ends.")
IN_GRACE = Code(
    "in-grace",
    "grace",
    "The license has expired and its grace days are running.",
    "Renew it before the grace days end.",
)
BUILD_KEPT = Code(
    "build-kept",
    "kept",
    "The license has expired; this build is dated before that and keeps its features.",
    "Renew the license before moving to a newer build.",
)
EXPIRED = Code(
    "expired", "expired", "The license has expired.", "Renew it. The core goes on working."
)
NOT_YET_VALID = Code(
    "not-yet-valid",
    "early",
    "The license begins on a later day.",
    "Wait for that day, or set this machine's clock if it is behind.",
)
REVOKED = Code(
    "revoked", "revoked", "The vendor has revoked this license.", "Ask the vendor for another."
)
KEY_REVOKED = Code(
    "key-revoked",
    "revoked",
    "The vendor has revoked the key that signed this license.",
    "Ask the vendor to issue the license again with the present key.",
)
WRONG_PRODUCT = Code(
    "wrong-product",
    "elsewhere",
    "The license is for another product.",
    "Give this product its own license file.",
)
FEATURE_NOT_LICENSED = Code(
    "feature-not-licensed",
    "valid",
    "The license does not hold this feature.",
    "Ask the vendor for an edition that holds it.",
)
NO_ROOT_KEYS = Code(
    "no-root-keys",
    "damaged",
    "The product names no root key, so no license can be verified.",
    "Pass root_keys=[…], as `coreline keys show` prints them.",
)
ROOT_KEY_MALFORMED = Code(
    "root-key-malformed",
    "damaged",
    "A root key is not ed25519: and 43 base64url characters.",
    "Copy the line that `coreline keys show` prints.",
)
UNREADABLE = Code(
    "license-unreadable",
    "damaged",
    "The license file cannot be read.",
    "Check the path and that this user may read the file.",
)
CHECK_FAILED = Code(
    "check-failed",
    "damaged",
    "The license check itself failed.",
    "Report it to the vendor with this sentence.",
)
TOO_LARGE = Code("too-large", "damaged", "The license is larger than allowed.", _COPY_AGAIN)
ARMOR_MALFORMED = Code(
    "armor-malformed", "damaged", "The license file's frame is damaged.", _COPY_AGAIN
)
CHAIN_TOO_LONG = Code(
    "chain-too-long", "damaged", "The file carries more than four key certificates.", _ASK_VENDOR
)
TOKEN_MALFORMED = Code(
    "token-malformed", "damaged", "A token is not three parts of base64url JSON.", _COPY_AGAIN
)
TOKEN_NOT_CANONICAL = Code(
    "token-not-canonical", "damaged", "A token's JSON is not in its only form.", _ASK_VENDOR
)
ALGORITHM_REFUSED = Code(
    "algorithm-refused", "damaged", "A token's algorithm is not Ed25519.", _ASK_VENDOR
)
TYPE_WRONG = Code("type-wrong", "damaged", "A token is of another type.", _COPY_AGAIN)
HEADER_REFUSED = Code(
    "header-refused", "damaged", "A token's header holds what is not allowed.", _ASK_VENDOR
)
KEY_UNKNOWN = Code(
    "key-unknown",
    "damaged",
    "A key was used that no certificate of a known root key names.",
    _UPGRADE,
)
SIGNATURE_WRONG = Code("signature-wrong", "damaged", "A signature does not match.", _COPY_AGAIN)
CLAIM_INVALID = Code(
    "claim-invalid", "damaged", "A claim is missing or not of its kind.", _ASK_VENDOR
)
PURPOSE_WRONG = Code(
    "purpose-wrong", "damaged", "The signing key is certified for another purpose.", _ASK_VENDOR
)
ISSUED_OUTSIDE_KEY = Code(
    "issued-outside-key",
    "damaged",
    "The token was signed outside the dates of its key.",
    _ASK_VENDOR,
)
LICENSE_TOO_LONG = Code(
    "license-too-long", "damaged", "The license is longer than its key may sign.", _ASK_VENDOR
)

CODES: dict[str, Code] = {
    value.name: value for value in tuple(globals().values()) if isinstance(value, Code)
}
