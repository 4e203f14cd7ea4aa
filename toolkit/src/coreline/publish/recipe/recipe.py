# SPDX-License-Identifier: Apache-2.0
"""The recipe of a publish, put together from the manifest."""

import hashlib
import json
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coreline.errors import InputError
from coreline.manifest.claims import Line
from coreline.manifest.model import Publish
from coreline.manifest.parse import ParsedManifest, read_manifest
from coreline.publish.recipe.lines import Lines, Own, Ranged, Today, claims_digest
from coreline.publish.recipe.messages import Messages, Renamed
from coreline.publish.recipe.paths import Paths
from coreline.publish.recipe.people import People
from coreline.sources.git import Git
from coreline.sources.objects import CommitParts, TagParts

# Raised when the same recipe gives other commits.
_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that decides what a public commit is.

    Attributes:
        line: today's line; what the head is held against.
        lines: which line holds for which commit.
        paths: where folders stand in public.
        regions: whether marked regions of files are left out.
        people: who authors and committers are in public.
        messages: what messages say in public.
        digest: 16 hexadecimal digits that stand for all of it.
        said: what was chosen, in words and values, for the record of a publish.
    """

    line: Line
    lines: Lines
    paths: Paths
    regions: bool
    people: People
    messages: Messages
    digest: str
    said: dict[str, object]

    @property
    def keeps_paths_and_contents(self) -> bool:
        """Whether each public file is the private one, where it stands in private."""
        return not self.paths and not self.regions

    @property
    def is_plain(self) -> bool:
        """Whether each public file is the private one, where it stands, by today's line."""
        return self.keeps_paths_and_contents and isinstance(self.lines, Today)

    @property
    def changes_nothing_said(self) -> bool:
        """Whether people and messages are as they are in private."""
        return self.people.is_empty and self.messages.is_empty

    def carried(self, part: CommitParts, renamed: Renamed) -> CommitParts:
        """Return a commit with its people and its message as the public sees them."""
        people, messages = self.people, self.messages
        if self.changes_nothing_said:
            return part
        return part._replace(
            author=_public(people, part.author),
            committer=_public(people, part.committer),
            message=messages.public(part.message, part.encoding, renamed),
        )

    def carried_tag(self, part: TagParts, renamed: Renamed) -> TagParts:
        """Return a tag with its tagger and its message as the public sees them."""
        return part._replace(
            tagger=_public(self.people, part.tagger) if part.tagger else b"",
            message=self.messages.public(part.message, b"", renamed),
        )

    @classmethod
    def today(cls, line: Line) -> "Recipe":
        """Return the plain recipe: today's claims, and nothing is changed."""
        nobody = People("", None, ())
        return cls(
            line=line,
            lines=Today(line),
            paths=Paths(()),
            regions=False,
            people=nobody,
            messages=Messages((), (), nobody),
            digest=claims_digest(line),
            said={"line": "today"},
        )


def _public(people: People, header: bytes) -> bytes:
    """Return a header line such as ``author NAME <ADDRESS> …`` with the public's person in it."""
    key, _, identity = header.partition(b" ")
    return key + b" " + people.public(identity)


def recipe_of(parsed: ParsedManifest, folder: Path) -> Recipe:
    """Return the recipe that a manifest asks for.

    Args:
        parsed: today's manifest.
        folder: the top of the private repository: the mailmap and older manifests are read there.

    Raises:
        InputError: a part of it is malformed, or names a file or commit that does not exist.
    """
    wanted = parsed.manifest.publish
    line = parsed.line
    if wanted.mailmap is not None and line.side(posixpath.normpath(wanted.mailmap)) == "core":
        raise InputError(
            "publish-mailmap-public",
            f"{wanted.mailmap} is core: who the vendor's people really are would be published.",
            "Give the file to a wrap.",
        )
    mailmap = "" if wanted.mailmap is None else _text(folder / wanted.mailmap, "publish.mailmap")
    people = People(mailmap, wanted.bot, parsed.manifest.product.vendor, wanted.mailmap or "")
    messages = Messages(wanted.messages, wanted.drop_trailers, people, commit_ids=wanted.commit_ids)
    lines, ranges = _lines(wanted, line, folder)
    said = _said(wanted, ranges, mailmap, parsed.manifest.product.vendor)
    return Recipe(
        line=line,
        lines=lines,
        paths=Paths(wanted.paths),
        regions=wanted.regions,
        people=people,
        messages=messages,
        digest=rule_digest(line, said),
        said=said,
    )


def _lines(wanted: Publish, line: Line, folder: Path) -> tuple[Lines, list[dict[str, str]]]:
    rest: Lines = Own(line) if wanted.line == "own" else Today(line)
    if not wanted.ranges:
        return rest, []
    git = Git(folder)
    ranges: list[tuple[frozenset[bytes], Line]] = []
    said: list[dict[str, str]] = []
    for one in wanted.ranges:
        until = git.resolve(one.until)
        held = read_manifest(folder / one.manifest, repository=folder).line
        listed = git.run("rev-list", until).split()
        ranges.append((frozenset(bytes.fromhex(row.decode()) for row in listed), held))
        said.append({"until": until, "claims": claims_digest(held)})
    return Ranged(ranges, rest), said


def _said(
    wanted: Publish, ranges: list[dict[str, str]], mailmap: str, vendor: list[str]
) -> dict[str, object]:
    """Return what was chosen, less what was left as it is."""
    people = {
        "mailmap": hashlib.sha256(mailmap.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        if wanted.mailmap
        else None,
        "bot": wanted.bot,
        # Who the vendor is only matters to the bot.
        "vendor": vendor if wanted.bot else None,
    }
    chosen: dict[str, object] = {
        "ranges": ranges,
        "paths": [[one.private, one.public] for one in wanted.paths],
        "messages": [[one.match, one.replace] for one in wanted.messages],
        "drop_trailers": wanted.drop_trailers,
        "commit_ids": wanted.commit_ids,
        "regions": wanted.regions,
        **people,
    }
    return {"line": wanted.line, **{key: value for key, value in chosen.items() if value}}


def rule_digest(line: Line, said: Mapping[str, object]) -> str:
    """Return the digest of a recipe by what it says, for who knows no more than that."""
    if said == {"line": "today"}:
        return claims_digest(line)
    text = json.dumps([_VERSION, claims_digest(line), said], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _text(path: Path, key: str) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise InputError(
            "publish-file-missing",
            f"{key} names {path}, which cannot be read: {error.strerror}.",
            "Name a file of the repository, from its top.",
        ) from error
