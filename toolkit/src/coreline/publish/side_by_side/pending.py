# SPDX-License-Identifier: Apache-2.0
"""What of the line changed since the last publish: files and features that would move."""

from dataclasses import asdict, dataclass, field

from coreline.errors import InputError
from coreline.manifest.claims import Line
from coreline.manifest.model import MANIFEST_NAME, Manifest
from coreline.manifest.parse import ParsedManifest, parse_manifest
from coreline.sources.git import Git


@dataclass(frozen=True)
class LinePending:
    """Files at the private head that would enter or leave the core, and features that move."""

    enter: list[str] = field(default_factory=list)
    leave: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, list[str]]:
        """Return it as plain values."""
        return asdict(self)


def line_pending(git: Git, last: str, tip: str, now: ParsedManifest) -> LinePending | None:
    """Compare the manifest of the last published commit with today's.

    Args:
        git: the private repository.
        last: the private commit that was published last.
        tip: the private head.
        now: the manifest that holds.

    Returns:
        What moves; None where that commit has no manifest that can be read.
    """
    found = git.attempt("cat-file", "blob", f"{last}:{MANIFEST_NAME}")
    if found.returncode != 0:
        return None
    try:
        before = parse_manifest(found.stdout.decode("utf-8", "replace"))
    except InputError:
        return None
    features = _moved(before.manifest, now.manifest)
    if set(before.line.claims) == set(now.line.claims):
        return LinePending(features=features)
    listed = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", tip)
    paths = listed.decode("utf-8", "surrogateescape").split("\0")[:-1]
    then, today = _core(before.line, paths), _core(now.line, paths)
    return LinePending(sorted(today - then), sorted(then - today), features)


def _core(line: Line, paths: list[str]) -> set[str]:
    return {path for path in paths if line.side(path) == "core"}


def _moved(before: Manifest, now: Manifest) -> list[str]:
    both = before.features.keys() & now.features.keys()
    return [
        f"{name}: {before.features[name].side} to {now.features[name].side}"
        for name in sorted(both)
        if before.features[name].side != now.features[name].side
    ]
