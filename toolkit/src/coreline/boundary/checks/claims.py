# SPDX-License-Identifier: Apache-2.0
"""Every file is claimed by exactly one side."""

from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.model import Finding
from coreline.boundary.subject import Subject
from coreline.manifest.claims import Claim, Tie
from coreline.manifest.model import BASELINE_NAME, MANIFEST_NAME

_MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
"""


def _run(subject: Subject) -> Iterator[Finding]:
    for path, claim in subject.claims.items():
        if claim is None and path == BASELINE_NAME:
            # It speaks of this repository alone.
            continue
        if claim is None:
            yield _unclaimed(path)
        elif isinstance(claim, Tie):
            yield _tie(subject, path, claim)


def _unclaimed(path: str) -> Finding:
    folder = path.partition("/")[0] + "/**" if "/" in path else path
    return Finding(
        check="claims",
        path=path,
        kind="unclaimed",
        message="No side claims this file, so it would be neither published nor sold.",
        hint=f'Add a pattern such as "{folder}" to the paths of the side that it belongs to.',
    )


def _tie(subject: Subject, path: str, tie: Tie) -> Finding:
    parts = [f"{_owner(claim)} by {_where(subject, claim)}" for claim in tie.claims]
    return Finding(
        check="claims",
        path=path,
        kind="tie",
        names=tuple(claim.pattern for claim in tie.claims),
        message=f"Claimed for {' and for '.join(parts)}, neither more specific than the other.",
        hint="Narrow one of the patterns, or name the file itself in the side that it belongs to.",
    )


def _owner(claim: Claim) -> str:
    return "the core" if claim.side == "core" else f"the wrap {claim.wrap}"


def _where(subject: Subject, claim: Claim) -> str:
    line = subject.parsed.position(claim.key).line
    return f'"{claim.pattern}" ({subject.parsed.source}:{line})'


CHECK = Check(
    name="claims",
    sentence="Every file is claimed by exactly one side.",
    run=_run,
    kept={MANIFEST_NAME: _MANIFEST, "src/a.py": "", "ee/b.py": ""},
    broken={MANIFEST_NAME: _MANIFEST, "src/a.py": "", "tools/build.sh": "true\n"},
    path="tools/build.sh",
    kind="unclaimed",
)
