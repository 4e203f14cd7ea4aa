# SPDX-License-Identifier: Apache-2.0
"""An identity of findings that stays while the lines around them move.

It is made of the check, the path, the kind, the names and the text of the line without its
spaces; findings that have all of these in common are numbered in the order of their lines.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from msgspec.structs import replace

from coreline.boundary.model import Finding


def with_fingerprints(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in the order of their places, each with its fingerprint."""
    seen: Counter[tuple[str, ...]] = Counter()
    out = []
    for finding in sorted(findings, key=_place):
        text = "".join(finding.text.split())
        identity = (finding.check, finding.path, finding.kind, *finding.names, text)
        seen[identity] += 1
        raw = "\0".join((*identity, str(seen[identity]))).encode("utf-8", "surrogateescape")
        out.append(replace(finding, fingerprint=sha256(raw).hexdigest()[:32]))
    return out


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.path, finding.line, finding.column, finding.check, finding.message
