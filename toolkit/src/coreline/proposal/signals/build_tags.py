# SPDX-License-Identifier: Apache-2.0
"""Go build constraints that leave a file out of the open build: ``//go:build enterprise``."""

import re
from collections.abc import Iterator

from coreline.proposal.model import NAMED, Clue, Evidence, Example, Signal
from coreline.proposal.survey import Survey
from coreline.proposal.vocabulary import FOREIGN

# Build constraints: https://pkg.go.dev/cmd/go#hdr-Build_constraints
_BUILD = re.compile(r"^//\s?(?:go:build|\+build)\s+(.+?)\s*$", re.MULTILINE)
_WRAP_TAG = re.compile(r"(?<![\w!])(ee|ent|enterprise|premium|pro|commercial)(?![\w])")
_NOT_OPEN_TAG = re.compile(r"!(oss|ce|community|opensource)(?![\w])")
_NAMES = {"premium": "premium", "pro": "pro", "commercial": "commercial"}


def find(survey: Survey) -> Iterator[Clue]:
    """Yield Go files that are only built for an edition."""
    for path, head in survey.heads.items():
        if not path.endswith(".go") or FOREIGN & set(path.split("/")):
            continue
        for found in _BUILD.finditer(head):
            tag = _WRAP_TAG.search(found[1]) or _NOT_OPEN_TAG.search(found[1])
            if tag and "||" not in found[1]:
                line = head.count("\n", 0, found.start()) + 1
                evidence = Evidence(path, line, f"//go:build {found[1]}")
                yield Clue(path, _NAMES.get(tag[1], "enterprise"), NAMED, evidence)
                break


SIGNAL = Signal(
    name="build-tags",
    sentence="A Go file is built only with an edition's tag, or only without the open one.",
    example=Example(
        files={
            "server/audit.go": "//go:build enterprise\n\npackage server\n",
            "server/audit_stub.go": "//go:build !enterprise\n\npackage server\n",
            "worker/acl.go": "// Copyright\n\n//go:build !oss\npackage worker\n",
            "main.go": "//go:build linux || enterprise\npackage main\n",
        },
        says={"server/audit.go": "enterprise", "worker/acl.go": "enterprise"},
    ),
    find=find,
)
