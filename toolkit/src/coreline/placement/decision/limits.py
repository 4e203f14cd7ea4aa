# SPDX-License-Identifier: Apache-2.0
"""Which features no study may move: what keeps the core whole, whatever the numbers say.

A withheld sign-in sells well, which is why the limits come before evidence and not out of it.
"""

import re
from collections.abc import Mapping

from coreline.errors import InputError
from coreline.manifest.model import Concern, Feature, Manifest
from coreline.manifest.words import nearest

LOOSE_AND_TIGHT = (
    "A core that lacks what nearly every user needs makes the line tight: it runs alone, and "
    "still sends everybody to the wrap; the line is loose where the core is whole without it."
)

_NEVER: Mapping[Concern, str] = {
    "sign-in": "how people sign in",
    "authorization": "who may do what",
    "security-fixes": "fixes of security",
    "data-export": "how people get their data out",
}

# Whole words, so that "blogging" and "assign-in-bulk" are none.
_SIGN_IN = re.compile(
    r"(?<![a-z])(log[- _]?(?:in|on)|sign[- _]?(?:in|on)s?|sso|saml|oidc|authn?|authentication|"
    r"passwords?|passkeys?|2fa|mfa|(?:two|multi)[- _]factor)(?![a-z])",
    re.IGNORECASE,
)


def limit(manifest: Manifest, name: str) -> InputError | None:
    """Return why a feature may not be placed, as the error that says so; None where it may.

    Args:
        manifest: the line.
        name: a feature's key.

    Raises:
        InputError: there is no such feature (``place-feature-unknown``).
    """
    feature = manifest.features.get(name)
    if feature is None:
        raise _unknown(manifest, name)
    for rule in (_flagged, _concerned, _named_sign_in, _core_stays):
        refusal = rule(name, feature)
        if refusal is not None:
            return refusal
    return None


def limits(manifest: Manifest) -> dict[str, InputError]:
    """Return every feature that may not be placed, and why."""
    found = {name: limit(manifest, name) for name in manifest.features}
    return {name: refusal for name, refusal in found.items() if refusal is not None}


def candidates(manifest: Manifest) -> tuple[str, ...]:
    """Return the features that the manifest asks about, in its order, pinned ones among them."""
    return tuple(name for name, feature in manifest.features.items() if feature.candidate)


def _flagged(name: str, feature: Feature) -> InputError | None:
    if feature.primary:
        return InputError(
            "place-primary",
            f"Feature {name} is part of the primary use, so it is core. {LOOSE_AND_TIGHT}",
            "Take candidate = true out. What is primary is the promise of the core itself.",
        )
    if feature.critical:
        return InputError(
            "place-critical",
            f"Feature {name} is critical, so it is core. {LOOSE_AND_TIGHT}",
            "Take candidate = true out. Nearly all software needs what is critical.",
        )
    return None


def _concerned(name: str, feature: Feature) -> InputError | None:
    about = _NEVER.get(feature.concern) if feature.concern else None
    if about is None:
        return None
    return InputError(
        "place-concern",
        f"Feature {name} is about {about}, so {_side(feature)}. {LOOSE_AND_TIGHT}",
        'Make it critical = true in the core. Only what is added at scale, concern = "policy", '
        "may be asked about: as a feature of its own.",
    )


def _named_sign_in(name: str, feature: Feature) -> InputError | None:
    found = _SIGN_IN.search(name) or _SIGN_IN.search(feature.title or "")
    if found is None or feature.concern is not None:
        return None
    return InputError(
        "place-sign-in",
        f"Feature {name} has “{found[0]}” in its name, and sign-in is never placed, so "
        f"{_side(feature)}. {LOOSE_AND_TIGHT}",
        f'Say what it is about in [features.{name}]: concern = "sign-in", or "policy" where it is '
        "access control by policy at scale and people sign in without it.",
    )


def _core_stays(name: str, feature: Feature) -> InputError | None:
    if feature.side == "wrap" or feature.candidate:
        return None
    return InputError(
        "place-core-stays",
        f"Feature {name} is core, and what is core stays core unless a decision says otherwise. "
        f"{LOOSE_AND_TIGHT}",
        f"To ask all the same, set candidate = true in [features.{name}].",
    )


def _side(feature: Feature) -> str:
    return "it stays core" if feature.side == "core" else "it belongs in the core, not in the wrap"


def _unknown(manifest: Manifest, name: str) -> InputError:
    near = nearest(name, manifest.features)
    known = ", ".join(manifest.features) or "none"
    return InputError(
        "place-feature-unknown",
        f"The manifest has no feature {name}.",
        f"Did you mean {near}?" if near else f"It has {known}.",
    )
