# SPDX-License-Identifier: Apache-2.0
"""Two commits read for the ratchet: only what differs between them, and what may be a door."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from coreline.boundary.check import load_languages
from coreline.boundary.facts import FileFacts
from coreline.boundary.names import Names
from coreline.boundary.ratchet.accounting import FOLDER
from coreline.boundary.ratchet.doors import word_of
from coreline.boundary.ratchet.model import Licensed, Record, State
from coreline.boundary.reading import Reader
from coreline.boundary.spdx_texts import read_license_text
from coreline.boundary.subject import is_example, is_license_name
from coreline.manifest.claims import Line
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import ParsedManifest
from coreline.sources.git import Git
from coreline.sources.tree import SIZE_MAX, GitTree

_PROSE = (".md", ".rst", ".txt", ".adoc")
_NO_NAMES = Names(modules={}, words=frozenset(), folders=frozenset(), packages={})


class Commits:
    """Two commits of one repository.

    Args:
        git: the repository.
        before: the full id of the earlier one.
        after: of the later one.
    """

    def __init__(self, git: Git, before: str, after: str) -> None:
        self._git = git
        self._trees = GitTree(git, before), GitTree(git, after)
        self.blobs = tuple(
            {one.path: one.blob or "" for one in tree.entries() if one.kind != "submodule"}
            for tree in self._trees
        )
        self._reader = Reader(load_languages(), _NO_NAMES)

    def manifests(self) -> tuple[bytes | None, bytes | None]:
        """Return the text of the manifest in each."""
        names = [blobs.get(MANIFEST_NAME) for blobs in self.blobs]
        data = self._data(name for name in names if name is not None)
        before, after = (None if name is None else data.get(name) for name in names)
        return before, after

    def states(
        self,
        lines: Sequence[ParsedManifest],
        labels: Sequence[str],
        became: Mapping[str, str],
    ) -> tuple[State, State]:
        """Return both states.

        Args:
            lines: the manifest of each.
            labels: what each is called.
            became: for files that were moved, where they are now.
        """
        before, after = self.blobs
        changed = {
            path for path, blob in before.items() if after.get(became.get(path, path)) != blob
        }
        asked = changed, {became.get(path, path) for path in changed} & after.keys()
        doors = {door for parsed in lines for door in parsed.manifest.core.doors}
        sizes = self._sizes(set(before.values()) & set(after.values()))
        made = [
            State(
                label=labels[index],
                parsed=lines[index],
                line=(line := Line(lines[index].manifest)),
                blobs=self.blobs[index],
                sizes=sizes,
                licenses=self._licenses(self.blobs[index], asked[index]),
                doors=self._doors(self.blobs[index], line, doors),
            )
            for index in (0, 1)
        ]
        return made[0], made[1]

    def records(self, after: ParsedManifest) -> list[Record]:
        """Return the decision records that the later manifest links or that are new."""
        before, now = self.blobs
        linked: dict[str, list[str]] = {}
        for name, feature in after.manifest.features.items():
            if feature.decision is not None:
                linked.setdefault(feature.decision, []).append(name)
        new = [path for path in now if path.startswith(FOLDER) and before.get(path) != now[path]]
        paths = [path for path in dict.fromkeys([*linked, *new]) if path in now]
        data = self._data([now[path] for path in paths])
        return [
            Record(
                path=path,
                # A record that was there before accounts for what its feature links it for.
                text=data[now[path]].decode("utf-8", "replace") if path in new else "",
                features=tuple(linked.get(path, ())),
            )
            for path in paths
            if now[path] in data
        ]

    def content(self, name: str) -> bytes | None:
        """Return a content by its id; None where it is missing, or was removed."""
        return None if not name.strip("0") else self._data([name]).get(name)

    def _data(self, names: Iterable[str]) -> dict[str, bytes]:
        found = self._git.objects(dict.fromkeys(names), size_max=SIZE_MAX)
        return {one.name: one.data for one in found if one.data is not None}

    def _sizes(self, names: Iterable[str]) -> dict[str, int]:
        asked = "".join(f"{name}\n" for name in names)
        answers = self._git.run(
            "cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=asked.encode()
        )
        rows = (row.split(" ") for row in answers.decode("utf-8", "replace").splitlines())
        return {row[0]: int(row[1]) for row in rows if row[1].isdigit()}

    def _licenses(self, blobs: Mapping[str, str], paths: Iterable[str]) -> dict[str, Licensed]:
        wanted = [path for path in sorted(paths) if not is_example(path)]
        found: dict[str, Licensed] = {}
        ids = [blobs[path] for path in wanted]
        contents = self._git.objects(ids, size_max=SIZE_MAX)
        for path, one in zip(wanted, contents, strict=True):
            licensed = None if one.data is None else self.licensed(path, one.data)
            if licensed is not None:
                found[path] = licensed
        return found

    def licensed(self, path: str, data: bytes) -> Licensed | None:
        """Return under which license a file says to be; None where it says nothing."""
        if is_license_name(path):
            said = read_license_text(data.decode("utf-8", "replace"))
            expression = "LicenseRef-Proprietary" if said.proprietary else said.spdx
            return Licensed(path=path, line=1, what="license text", expression=expression)
        return next(_stated(path, self._reader.facts(path, data, True)), None)

    def _doors(self, blobs: Mapping[str, str], line: Line, doors: Iterable[str]) -> dict[str, str]:
        """Return for each door a file of the core that names it; the manifest does not count."""
        words = {door: word_of(door).encode() for door in doors}
        if not words:
            return {}
        paths = [
            path
            for path in blobs
            # Prose speaks of a door also where it is gone.
            if line.side(path) == "core" and path != MANIFEST_NAME and not path.endswith(_PROSE)
        ]
        found: dict[str, str] = {}
        contents = self._git.objects([blobs[path] for path in paths], size_max=SIZE_MAX)
        for path, one in zip(paths, contents, strict=True):
            for door, word in words.items():
                if door not in found and one.data is not None and word in one.data:
                    found[door] = path
        return found


def _stated(path: str, facts: FileFacts) -> Iterator[Licensed]:
    header = facts.header or facts.terms
    if header is not None:
        yield Licensed(path=path, line=header.line, what="header", expression=header.expression)
    for one in facts.declared:
        yield Licensed(
            path=path,
            line=one.line,
            what="package metadata",
            expression=one.value,
            text=one.text,
        )
