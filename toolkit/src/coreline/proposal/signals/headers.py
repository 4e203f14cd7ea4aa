# SPDX-License-Identifier: Apache-2.0
"""Headers of source files: an SPDX tag, or prose that keeps the rights.

A header is the truth about its file, inside a wrap's folder and outside it. Where every source
file of a folder has such a header, the folder is taken as a whole, with its files that cannot
carry one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from coreline.boundary.spdx_texts import is_open, named_licenses
from coreline.proposal.core_license import SPDX_TAG, core_license
from coreline.proposal.metadata import line_of
from coreline.proposal.model import LETTER, STATED, Clue, Evidence, Example, Signal
from coreline.proposal.survey import Survey, folders_above
from coreline.proposal.vocabulary import FOREIGN, read_prose

_COMMENT = re.compile(r"\s*(?:#|//|/?\*|--|<!--|;|\{#|\"\"\"|'''|%)")
_PROSE = re.compile(
    r"(commercial (?:software )?licen[cs]e|enterprise (?:edition |software )?licen[cs]e"
    r"|proprietary|unauthorized copying|strictly prohibited|confidential)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"all rights reserved", re.IGNORECASE)
# "All rights reserved. Use of this code is governed by a BSD-style license": an open header.
_ELSEWHERE = re.compile(r"licen[cs]ed under|governed by|licen[cs]e (?:file|that can)", re.I)
# Where this part of all source files says "All rights reserved", it is the house's habit.
HABIT = 0.3
FOLDER_FILES_MIN = 2


def find(survey: Survey) -> Iterator[Clue]:
    """Yield files, and folders whose every source file, that a header gives to a side."""
    core = core_license(survey).spdx
    told: dict[str, Clue | None] = {}
    for path, head in survey.heads.items():
        if not FOREIGN & set(path.split("/")):
            told[path] = _read(path, _header(head), core)
    rights = [path for path, clue in told.items() if clue and _RIGHTS.search(clue.evidence.says)]
    if len(rights) > HABIT * len(told):
        told.update(dict.fromkeys(rights))
    folders = dict(_whole_folders(told))
    yield from folders.values()
    for path, clue in told.items():
        if clue and not any(folder in folders for folder in folders_above(path)):
            yield clue


def _header(head: str) -> str:
    """Return the comment that a file begins with."""
    lines: list[str] = []
    inside = False
    for line in head.split("\n")[:60]:
        inside = (inside or "/*" in line) and "*/" not in line
        if line.strip() and not inside and not _COMMENT.match(line) and "*/" not in line:
            break
        lines.append(line)
    return "\n".join(lines)


def _read(path: str, header: str, core: str) -> Clue | None:
    tag = SPDX_TAG.search(header)
    if tag is not None and tag[1]:
        spdx = tag[1]
        evidence = Evidence(path, line_of(header, tag[0]), f"SPDX-License-Identifier: {spdx}")
        if spdx == core:
            return Clue(path, None, LETTER, evidence)
        if is_open(spdx):
            return None
        return Clue(path, read_prose(spdx.replace("-", " ")), LETTER, evidence)
    found = _PROSE.search(header) or _RIGHTS.search(header)
    if found is None or named_licenses(header) or _ELSEWHERE.search(header.replace(found[0], "")):
        return None
    line = header.count("\n", 0, found.start()) + 1
    return Clue(path, read_prose(header), STATED, Evidence(path, line, f'says "{found[0]}"'))


def _whole_folders(told: dict[str, Clue | None]) -> Iterator[tuple[str, Clue]]:
    """Yield the outermost folders in which every source file's header is of one wrap."""
    within: dict[str, Counter[str | None]] = defaultdict(Counter)
    first: dict[str, Clue] = {}
    for path, clue in told.items():
        for folder in folders_above(path):
            within[folder][clue.wrap if clue else None] += 1
            if clue and clue.wrap is not None:
                first.setdefault(folder, clue)
    done = ""
    for folder in sorted(within):
        wraps = within[folder]
        count = wraps.total()
        inside = bool(done) and folder.startswith(done)
        named = [wrap for wrap in wraps if wrap]
        if inside or None in wraps or len(named) > 1 or count < FOLDER_FILES_MIN:
            continue
        done = folder
        clue = first[folder]._replace(wrap="".join(named))
        says = f"{clue.evidence.says}, as in all {count} source files of {folder}"
        yield folder, clue._replace(path=folder, evidence=clue.evidence._replace(says=says))


SIGNAL = Signal(
    name="headers",
    sentence="A source file's header has an SPDX tag that is not open, or prose that keeps the "
    "rights.",
    example=Example(
        files={
            "LICENSE": "Licensed under the Apache License, Version 2.0 (the 'License'); you may "
            "not use this file",
            "app/a.py": "# SPDX-License-Identifier: Apache-2.0\n",
            "app/audit.py": "# SPDX-License-Identifier: LicenseRef-Acme-Enterprise\n",
            "app/habit.go": "// Copyright Acme. All rights reserved.\n// Use of this source code "
            "is governed by a BSD-style\n// license that can be found in the LICENSE file.\n",
            "x/sso/a.ts": "/*\n * Acme Commercial License\n */\n",
            "x/sso/b.ts": "// Proprietary and confidential.\nexport {}\n",
            "x/sso/icons.json": "{}",
            "x/c.ts": 'export const text = "proprietary"\n',
        },
        says={
            "app/a.py": "core",
            "app/audit.py": "enterprise",
            "x/sso/": "commercial",
        },
    ),
    find=find,
)
