# SPDX-License-Identifier: Apache-2.0
"""Files that name a wrap only to leave it out, to own it or to keep it up to date: no references.

``.gitignore`` and ``.dockerignore`` say what is *not* taken. ``CODEOWNERS`` and ``labeler.yml`` say
who looks after a folder, ``dependabot.yml`` and ``renovate.json`` which folders a robot visits,
``.gitattributes`` how git shows files; a baseline of another tool lists what that tool knows of.
None of them builds, tests or runs anything, and each is without effect where the folder is
missing; a finding would ask the vendor to hide the folder from its own tools.
"""

from coreline.boundary.builds.tools import listed
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import EMPTY, FileFacts


def _extract(_source: Source) -> FileFacts:
    return EMPTY


LANGUAGE = Language(
    name="left-out",
    sentence="Lists of what is left out, of owners and of robots: they depend on nothing.",
    version=1,
    extract=_extract,
    examples=(Example("/ee/ @acme/enterprise\n"), Example("ee/x\n!ee/y\n")),
    suffixes=frozenset([".gitignore", ".dockerignore"]),
    filenames=tuple(
        # In an order, since the reference is written from it.
        sorted(
            listed(
                ".npmignore .eslintignore .prettierignore .stylelintignore .helmignore "
                ".gcloudignore .vercelignore .slugignore .gitattributes .git-blame-ignore-revs "
                ".semgrepignore .trivyignore .snyk .gitleaksignore .biomeignore .ignore "
                ".cursorignore codeowners owners "
                "dependabot.yml dependabot.yaml labeler.yml labeler.yaml renovate.json "
                "renovate.json5 .renovaterc .renovaterc.json codecov.yml .codecov.yml "
                "sonar-project.properties mergify.yml .mergify.yml *baseline*.json"
            )
        )
    ),
)
