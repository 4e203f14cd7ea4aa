# SPDX-License-Identifier: Apache-2.0
"""Check a public repository with its record alone, as anybody can who has a clone of it.

What needs the private repository (that nothing of the core is missing, that no content of a wrap
was copied into the core) is named as such: a check that cannot be made is not a check passed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from coreline.errors import InputError
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import ParsedManifest, parse_manifest
from coreline.publish.leaving.new import New
from coreline.publish.leaving.note import NOTES_REF, noted_commits, read_note
from coreline.publish.leaving.raw import changes
from coreline.publish.leaving.record import Opened, open_record
from coreline.publish.leaving.wrap_names import WrapNames
from coreline.publish.outside import Move
from coreline.publish.recipe.recipe import rule_digest
from coreline.sources.git import Git

_ONLY_VENDOR = (
    "that every public tree is all of the core, with nothing missing",
    "that no content of a wrap lies at a path of the core",
)
_TOLD_MAX = 200


class AloneJson(TypedDict):
    """The JSON of a check with the record alone."""

    repository: str
    kept: bool
    record: dict[str, object]
    signer: str | None
    checked: list[str]
    problems: list[str]
    unchecked: list[str]


@dataclass
class AloneReport:
    """What was checked, what is wrong, and what only the vendor can check."""

    repository: str
    record: Opened
    checked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_json(self) -> AloneJson:
        """Return the report as plain values."""
        return {
            "repository": self.repository,
            "kept": self.kept,
            "record": dict(self.record.said),
            "signer": self.record.signer,
            "checked": self.checked,
            "problems": self.problems,
            "unchecked": self.unchecked,
        }


def verify_alone(folder: Path, record: Path | None, root_key: str | None) -> AloneReport:
    """Check a clone of a public repository.

    Args:
        folder: the clone.
        record: the record; the note of the newest public commit that has one where None.
        root_key: the line that the vendor's products carry; None where nobody can check whose
            record it is.

    Raises:
        InputError: there is no record (``record-missing``), or it is refused.
    """
    git = Git(folder)
    data = _noted(git) if record is None else _file(record)
    opened = open_record(data, root_key)
    report = AloneReport(str(folder), opened)
    if opened.signer is not None:
        report.checked.append(f"the record is signed by {opened.signer}, which the root key knows")
    else:
        why = "no root key is given" if opened.is_signed else "it is not signed"
        report.unchecked.append(f"whose record it is: {why}")
    report.unchecked += _ONLY_VENDOR
    skipped = opened.said.get("skipped")
    for row in skipped if isinstance(skipped, list) else ():
        report.unchecked.append(f"what the publish itself did not look for: {row}")
    _Check(git, report).run()
    return report


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            "record-missing",
            f"{path} cannot be read: {error.strerror}.",
            "Name the file that coreline publish --record wrote.",
        ) from error


def _noted(git: Git) -> bytes:
    """Return the note of the newest commit that has one."""
    commits = noted_commits(git)
    if commits:
        given = "".join(f"{name}\n" for name in commits).encode()
        # By what leads to what: two publishes may lie in one second.
        newest = git.attempt(
            "rev-list", "--topo-order", "--max-count=1", "--ignore-missing", "--stdin", stdin=given
        )
        note = read_note(git, newest.stdout.decode().strip()) if newest.stdout else None
        if note is not None:
            return note
    raise InputError(
        "record-missing",
        "The repository has no record of a publication.",
        f"Fetch it (git fetch origin {NOTES_REF}:{NOTES_REF}), or give it with --record FILE.",
    )


class _Check:
    def __init__(self, git: Git, report: AloneReport) -> None:
        self._git = git
        self._report = report
        self._tip = report.record.text("public")
        self._tips = report.record.tips

    def run(self) -> None:
        """Fill the report."""
        report, git, tip = self._report, self._git, self._tip
        if git.text("rev-parse", "--is-shallow-repository") == "true":
            report.problems.append("The repository is a shallow clone: its history cannot be seen.")
            return
        for one in self._tips:
            if git.attempt("cat-file", "-e", f"{one}^{{commit}}").returncode != 0:
                report.problems.append(
                    f"The commit that the record speaks of is not here: {one[:12]}."
                )
        if report.problems:
            return
        report.checked.append(f"the commit that the record speaks of is here: {tip[:12]}")
        commits = [bytes.fromhex(row) for row in git.text("rev-list", *self._tips).split()]
        self._check_count(len(commits))
        self._check_others()
        manifest = self._manifest()
        if manifest is None:
            report.unchecked.append(f"the paths and messages: {MANIFEST_NAME} is not public")
            return
        self._check_paths(manifest, commits)
        self._check_names(manifest)

    def _check_count(self, found: int) -> None:
        said = self._report.record.counted("commits")
        if said is None:
            self._report.unchecked.append("how many commits there are: the record does not say")
        elif said == found:
            self._report.checked.append(f"{found:,} commits lead to it, as the record says")
        else:
            self._report.problems.append(
                f"{found:,} commits lead to it, and the record says {said:,}."
            )

    def _check_others(self) -> None:
        """Say what of the repository the record does not speak of."""
        others = self._git.text(
            "rev-list", "--count", f"--exclude={NOTES_REF}", "--all", "--not", *self._tips
        )
        if others != "0":
            self._report.unchecked.append(
                f"{others} commits of other branches, or newer ones: the record is not about them"
            )

    def _manifest(self) -> ParsedManifest | None:
        found = self._git.attempt("cat-file", "blob", f"{self._tip}:{MANIFEST_NAME}")
        if found.returncode != 0:
            return None
        try:
            return parse_manifest(found.stdout.decode("utf-8", "replace"))
        except InputError as error:
            self._report.problems.append(f"{MANIFEST_NAME} of {self._tip[:12]}: {error.sentence}")
            return None

    def _check_paths(self, parsed: ParsedManifest, commits: list[bytes]) -> None:
        report = self._report
        recipe = report.record.recipe
        if recipe is None:
            report.unchecked.append("the paths: the record does not say the recipe")
            return
        if rule_digest(parsed.line, recipe) != report.record.text("rule"):
            report.problems.append(
                f"The rule of the record ({report.record.text('rule')}) is not that of the "
                "public manifest."
            )
        else:
            report.checked.append(f"the rule is that of the public manifest: {recipe['line']}")
        if recipe.get("line") != "today" or recipe.get("ranges") or recipe.get("paths"):
            report.unchecked.append("the paths: commits have lines of their own, or folders moved")
            return
        is_core = _remembering(lambda path: parsed.line.side(path) == "core")
        # A path that is in any tree was brought by some commit.
        strays = {
            one.path: one.commit.hex()[:12]
            for one in changes(self._git, commits, submodules=True)
            if not is_core(one.path)
        }
        for path in sorted(strays)[:_TOLD_MAX]:
            shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            report.problems.append(f"{shown} is not core, in commit {strays[path]}.")
        if not strays:
            report.checked.append(f"every path of all {len(commits):,} trees is core")

    def _check_names(self, parsed: ParsedManifest) -> None:
        report = self._report
        listed = self._git.text(
            "for-each-ref",
            "--format=%(objectname) %(refname)",
            *(f"--merged={tip}" for tip in self._tips),
            "refs/tags",
        )
        rows = [row.split(" ", 1) for row in listed.splitlines()]
        moves = [Move(ref, None, bytes.fromhex(name)) for name, ref in rows]
        moves += [Move("refs/heads/-", None, bytes.fromhex(tip)) for tip in self._tips]
        with self._git.batch() as batch:
            new = New(self._git, batch, (), moves)
            names = WrapNames(parsed.manifest, parsed.line)
            named = list(names.in_sayings(new.sayings()))
        if named and parsed.manifest.publish.wrap_names == "list":
            report.unchecked.append(
                f"{len(named)} lines of messages name a wrap; the manifest says to list them only"
            )
        elif named:
            report.problems += [f"A message names a wrap: {one}." for one in named[:_TOLD_MAX]]
        else:
            report.checked.append("no message of a commit or tag names a wrap")


def _remembering(ask: Callable[[str], bool]) -> Callable[[str], bool]:
    known: dict[str, bool] = {}

    def asked(path: str) -> bool:
        if path not in known:
            known[path] = ask(path)
        return known[path]

    return asked
