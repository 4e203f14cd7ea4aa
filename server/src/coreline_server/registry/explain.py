# SPDX-License-Identifier: Apache-2.0
"""Why a license was refused, told in an address: pip prints the address of what it could not get.

The address alone carries the reason, so the page behind it needs no state and no credential.
"""

import re
from urllib.parse import quote, unquote

from coreline.errors import InputError
from coreline_server.registry.policy import Decision

RENEW = "renew-at"
ASK = "ask"

_DATE = r"\d{4}-\d\d-\d\d"
_REFUSAL = re.compile(
    rf"^license-(?P<license>[A-Za-z0-9][A-Za-z0-9_-]*?)-(?:"
    rf"expired-(?P<expired>{_DATE})|revoked-(?P<revoked>{_DATE})|starts-(?P<starts>{_DATE})"
    r"|does-not-include-(?P<wrap>[a-z0-9][a-z0-9_-]*))$"
)


def address(license_id: str, decision: Decision, contact: str) -> str:
    """Return the address that says why: ``/license-ID-expired-DATE/renew-at/CONTACT``.

    Args:
        license_id: the license that was shown.
        decision: the refusal.
        contact: where the vendor can be reached: a host, or a host and a path.
    """
    verb = RENEW if decision.code == "license-expired" else ASK
    return f"/license-{quote(license_id)}-{decision.reason}/{verb}/{quote(contact, safe='/')}"


def explanation(refusal: str, contact: str) -> InputError | None:
    """Return what an address says, as an error; None where no such address is ever given out.

    Args:
        refusal: the address's first part, without slashes.
        contact: its last part.
    """
    match = _REFUSAL.match(refusal)
    if match is None:
        return None
    told = match.groupdict()
    contact = unquote(contact).strip("/")
    license_id = told["license"]
    hint = f"Ask for help at {contact}."
    if told["expired"]:
        return InputError(
            "registry-license-expired",
            f"License {license_id} expired on {told['expired']}. Files uploaded before that day "
            "still install; this one is newer.",
            f"Renew at {contact}, or pin a version from before {told['expired']}.",
        )
    if told["revoked"]:
        sentence = f"License {license_id} was revoked on {told['revoked']}."
        return InputError("registry-license-revoked", sentence, hint)
    if told["starts"]:
        sentence = f"License {license_id} starts on {told['starts']}."
        return InputError("registry-license-not-started", sentence, hint)
    sentence = f"License {license_id} includes no feature of {told['wrap']}."
    return InputError("registry-license-without-wrap", sentence, hint)
