# SPDX-License-Identifier: Apache-2.0
"""The findings of files in a tree, as ``check`` finds them, without reading what is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from coreline.boundary.check import Ground, Resolvers, Sorted, load_checks, run_checks, sort_file
from coreline.boundary.extension import Check
from coreline.boundary.facts import FileFacts
from coreline.boundary.fingerprint import with_fingerprints
from coreline.boundary.history.model import Seen
from coreline.boundary.history.trees import File
from coreline.boundary.overlaying import COPY
from coreline.boundary.ownership import folder_owners
from coreline.boundary.subject import Subject
from coreline.boundary.world import World
from coreline.manifest.claims import Line
from coreline.manifest.parse import ParsedManifest


class Judge:
    """Holds files of one tree against the line; each content of a path is judged once.

    Args:
        parsed: the line.
        line: its claims, asked about the paths of this tree and no other.
        ground: the tree.
        facts: of the files of a commit that has this tree's paths.
        checks: those to run.
    """

    def __init__(
        self,
        parsed: ParsedManifest,
        line: Line,
        ground: Ground,
        facts: Mapping[str, FileFacts],
        checks: Sequence[Check],
    ) -> None:
        self._parsed = parsed
        self._line = line
        self._ground = ground
        self._world: World = ground.world(facts)
        self._resolvers = Resolvers(self._world)
        self._checks = checks
        self._known: dict[File, tuple[Seen, ...]] = {}

    def findings(self, files: Sequence[File], facts: Mapping[str, FileFacts]) -> list[Seen]:
        """Return the findings of some files that prove a grade, in the order of their paths."""
        new = [file for file in files if file not in self._known]
        if new:
            self._judge(new, facts)
        return [seen for file in files for seen in self._known[file]]

    def _judge(self, files: Iterable[File], facts: Mapping[str, FileFacts]) -> None:
        found = Sorted([], [], [])
        by_path = {file.path: file for file in files}
        for path, file in by_path.items():
            if path in facts:
                sort_file(path, facts[path], file.language, self._resolvers, found)
        by_file: dict[str, list[Seen]] = defaultdict(list)
        # A file may define a look-up helper and refer to nothing.
        if any(path in facts for path in by_path):
            subject = self._subject(by_path, facts, found)
            for one in with_fingerprints(run_checks(self._checks, subject)):
                if one.grade is not None and one.path in by_path:
                    by_file[one.path].append(Seen.of(one, one.grade))
        for path, file in by_path.items():
            self._known[file] = tuple(by_file.get(path, ()))

    @property
    def asks_for_paths(self) -> bool:
        """Whether it matters which paths exactly a tree has: where folders are laid over others."""
        declared = any(wrap.overlays for wrap in self._parsed.manifest.wraps.values())
        return declared or bool(self._world.settings(COPY))

    def of_tree(
        self, line: Line, checks: Sequence[Check], files: Mapping[str, File] | None
    ) -> list[Seen]:
        """Return the findings of checks that ask for the paths of a tree and its line alone.

        Args:
            line: asked about the paths of the tree and no other.
            checks: those to run.
            files: of the tree, by path; None where it does not matter.
        """
        subject = replace(self._subject(files or {}, {}, Sorted([], [], [])), line=line)
        if files is not None:
            owners = {path: file.owner for path, file in files.items()}
            world = replace(self._world, owners=owners, folders=folder_owners(owners))
            subject = replace(subject, world=world)
        found = with_fingerprints(run_checks(checks, subject))
        return [Seen.of(one, one.grade) for one in found if one.grade is not None]

    def _subject(
        self, files: Mapping[str, File], facts: Mapping[str, FileFacts], found: Sorted
    ) -> Subject:
        return Subject(
            parsed=self._parsed,
            line=self._line,
            claims={path: file.claim for path, file in files.items()},
            facts=facts,
            references=found.references,
            gates=found.gates,
            unreadable=[],
            tops=self._ground.tops,
            world=self._world,
        )


def checks_of_files() -> list[Check]:
    """Return the checks whose findings follow from the references and gates of single files."""
    return [check for check in load_checks() if check.follows == "file"]


def checks_of_trees() -> list[Check]:
    """Return the checks whose graded findings follow from the paths of a tree and the line."""
    return [check for check in load_checks() if check.follows == "paths"]
