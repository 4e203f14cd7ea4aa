# SPDX-License-Identifier: Apache-2.0
"""What a proposal is made from: the paths of a repository and the few texts that tell sides.

The one module of this room that reads. It reads whole only license texts, READMEs, package
metadata and build files; of source files the first 4 KiB, where headers and build tags are.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coreline.errors import InputError
from coreline.sources.git import Git
from coreline.sources.heads import read_heads
from coreline.sources.tree import Entry, SourceTree

HEAD_BYTES = 4096
TEXT_BYTES_MAX = 512 * 1024
COMMITS_MAX = 20_000


@dataclass(frozen=True, eq=False)
class Survey:
    """What was seen of a repository, as values. Two surveys are equal only if they are one, so
    that what is read out of one can be remembered.

    ``texts`` are license texts, READMEs and metadata, whole; ``heads`` are beginnings of source
    files; ``authors`` counts commits by the author's e-mail domain.
    """

    paths: tuple[str, ...]
    texts: Mapping[str, str]
    heads: Mapping[str, str]
    folder: str = "repository"
    remote: str | None = None
    authors: Mapping[str, int] = field(default_factory=dict)

    def folders(self) -> set[str]:
        """Return every folder that holds a path, each ending in a slash."""
        found: set[str] = set()
        for path in self.paths:
            for folder in folders_above(path):
                if folder in found:
                    break
                found.add(folder)
        return found


def folders_above(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, the nearest first, each ending in a slash."""
    slash = path.rfind("/", 0, -1)
    while slash > 0:
        yield path[: slash + 1]
        slash = path.rfind("/", 0, slash)


def look(folder: Path, tree: SourceTree) -> Survey:
    """Read what a proposal needs of a repository. Nothing of it is run.

    Raises:
        InputError: there is no file (``repository-empty``).
    """
    entries = tree.entries()
    if not entries:
        raise InputError(
            "repository-empty",
            f"{folder.resolve()} has no file that a manifest could claim.",
            "Run `coreline init` in a repository that has files.",
        )
    git = Git(folder)
    return Survey(
        paths=tuple(entry.path for entry in entries),
        texts=_read(tree, [e for e in entries if _is_text(e)], TEXT_BYTES_MAX),
        heads=_read(tree, [e for e in entries if _is_source(e)], HEAD_BYTES),
        folder=folder.resolve().name,
        remote=_remote(git),
        authors=_authors(git),
    )


def survey_of(files: Mapping[str, str], *, folder: str = "repository") -> Survey:
    """Return the survey of files given in memory; examples and tests are made with it."""
    entries = [Entry(path, "file", None) for path in sorted(files)]
    return Survey(
        paths=tuple(entry.path for entry in entries),
        texts={entry.path: files[entry.path] for entry in entries if _is_text(entry)},
        heads={e.path: files[e.path][:HEAD_BYTES] for e in entries if _is_source(e)},
        folder=folder,
    )


def _read(tree: SourceTree, entries: list[Entry], size: int) -> dict[str, str]:
    return {
        content.entry.path: content.data.decode("utf-8", "replace")
        for content in read_heads(tree, entries, size)
        if content.data is not None and b"\0" not in content.data
    }


LICENSE_FILE = re.compile(
    r"(?:.*[-_.])?(?:licen[cs]es?|copying|eula)(?:[-_.][\w.-]*?)?(?:\.(?:txt|md|rst))?",
    re.IGNORECASE,
)
_CODE_ENDINGS = re.compile(r"\.(?:py|[cm]?[jt]sx?|go|rb|rs|java|vue|php|cs|kt|scala|ex|erb|sql)$")
_METADATA = re.compile(
    r"(?:pyproject\.toml|setup\.cfg|setup\.py|package\.json|Cargo\.toml|go\.mod|tox\.ini"
    r"|pytest\.ini|.*\.gemspec)"
)
_AT_ROOT = re.compile(r"(?:readme(?:\.\w+)?|makefile|gnumakefile|rakefile|gemfile)", re.IGNORECASE)
_SOURCE = re.compile(
    r".*\.(?:py|pyi|[cm]?[jt]sx?|vue|svelte|go|rb|rs|java|kt|kts|scala|php|cs|fs|swift|c|cc|cpp"
    r"|h|hpp|m|ex|exs|erl|clj|cljs|cljc|lua|pl|sh|bash|sql|proto|tf|scss|css)",
    re.IGNORECASE,
)


def is_license_file(path: str) -> bool:
    """Whether a path's name is that of a license text (LICENSE, LICENCE.md, LICENSE-EE …)."""
    name = path.rsplit("/", 1)[-1]
    return bool(LICENSE_FILE.fullmatch(name)) and not _CODE_ENDINGS.search(name)


def _is_text(entry: Entry) -> bool:
    if entry.kind not in ("file", "executable"):
        return False
    folder, _, name = entry.path.rpartition("/")
    return bool(
        is_license_file(entry.path)
        or _METADATA.fullmatch(name)
        or (not folder and _AT_ROOT.fullmatch(name))
    )


def _is_source(entry: Entry) -> bool:
    name = entry.path.rsplit("/", 1)[-1]
    return entry.kind in ("file", "executable") and bool(_SOURCE.fullmatch(name))


def _remote(git: Git) -> str | None:
    done = git.attempt("config", "--get", "remote.origin.url")
    said = done.stdout.decode("utf-8", "replace").strip()
    return said if done.returncode == 0 and said else None


def _authors(git: Git) -> dict[str, int]:
    done = git.attempt("log", f"--max-count={COMMITS_MAX}", "--format=%ae", "HEAD", "--")
    if done.returncode != 0:
        return {}
    emails = done.stdout.decode("utf-8", "replace").lower().split("\n")
    return dict(Counter(email.rpartition("@")[2] for email in emails if "@" in email))
