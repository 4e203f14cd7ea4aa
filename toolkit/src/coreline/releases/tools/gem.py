# SPDX-License-Identifier: Apache-2.0
"""RubyGems: ``gem build`` of the one specification in a folder.

Most specifications list their files by asking git, so the exported files are put into a fresh
repository first: git then names those files and no others.
"""

import re
import shlex

from coreline.errors import InputError
from coreline.releases.tool import Identity, Tool, Workplace
from coreline.sources.archives.gem import SPECIFICATION
from coreline.sources.git import Git

_NAME = re.compile(rb"\.name\s*=\s*[\"']([\w.-]+)[\"']")
_SAID = re.compile(
    r"^name: (\S+)$.*?^version: !ruby/object:Gem::Version\n\s+version: (\S+)$", re.M | re.S
)


def _make(place: Workplace) -> None:
    gem = place.program("gem", "Install Ruby, which brings gem along.")
    found = sorted(one.name for one in place.folder.glob("*.gemspec"))
    if len(found) != 1:
        raise InputError(
            "build-gemspec",
            f"{place.planned.name}: there are {len(found)} specifications in "
            f"{place.planned.folder or 'the top folder'}, and gem builds one.",
            'Name the folder of one gem, or write tool = "command".',
        )
    git = Git(place.top)
    git.run("init", "--quiet")
    git.run("add", "--all", "--force")
    place.run(shlex.join([gem, "build", found[0]]), place.folder)
    for one in place.folder.glob("*.gem"):
        one.rename(place.out / one.name)


def _named(data: bytes) -> str | None:
    match = _NAME.search(data)
    return None if match is None else match[1].decode("ascii", "replace")


def _identify(_path: str, data: bytes) -> Identity:
    match = _SAID.search(data.decode("utf-8", "replace"))
    return Identity() if match is None else Identity(match[1], match[2].strip("'\""))


TOOL = Tool(
    name="gem",
    sentence="gem build of the specification in the folder.",
    make=_make,
    marker="*.gemspec",
    named=_named,
    is_metadata=lambda path: path == SPECIFICATION,
    identify=_identify,
)
