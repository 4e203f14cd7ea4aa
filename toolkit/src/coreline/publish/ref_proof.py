# SPDX-License-Identifier: Apache-2.0
"""Prove the refs of a push: each names the proven commit of what it names in private, by way of
tags that say nothing which the private ones do not.

The store can reach private objects, so a ref that named one would carry it out. Nothing is shared
with what made the tags: they are read back and taken apart here once more.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import NoReturn

from coreline.errors import InternalError
from coreline.publish.marked import refuse_marked
from coreline.publish.outside import Move
from coreline.publish.private import Private, Reader
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.messages import Renamed
from coreline.publish.recipe.recipe import Recipe
from coreline.sources.git import Git
from coreline.sources.objects import parse_tag

_CARRIED = (b"type ", b"tag ", b"tagger ")


def prove_refs(
    source: Private,
    moves: Iterable[Move],
    mapped: Callable[[bytes], bytes | None],
    read: Reader,
    recipe: Recipe,
    ids: CommitIds,
    public: Git | None = None,
) -> None:
    """Prove what a push would move.

    Args:
        source: the private repository.
        moves: the public refs and what they shall name.
        mapped: the proven public commit that stands for a private one.
        read: reads objects of both.
        recipe: what people and messages are in public.
        ids: what becomes of ids that messages hold.
        public: the store of what is public, where the moves are for a push.

    Raises:
        InternalError: a ref would name something else (``publish-refs-unproven``).
        InputError: what is new at a branch's head holds a marked region that nobody would leave
            out (``publish-regions-off``).
    """
    tags = {f"refs/tags/{tag.name}": tag for tag in source.tags}
    heads = {f"refs/heads/{head.public}": head.tip for head in source.heads}
    for move in moves:
        tag = tags.get(move.ref)
        if move.ref in heads:
            named, private = heads[move.ref], None
        elif tag is not None and tag.commit is not None:
            named, private = tag.commit, tag.target if tag.annotated else None
        else:
            _fail(move.ref)
        expected = mapped(named)
        renamed = ids.renamed_at(named)
        if expected is None or _leads_to(move, private, read, recipe, renamed) != expected:
            _fail(move.ref)
        if tag is None and not recipe.regions:
            refuse_marked(move.before, move.after, read, public)


def _leads_to(
    move: Move, private: bytes | None, read: Reader, recipe: Recipe, renamed: Renamed
) -> bytes:
    """Return what a ref names in the end, every tag on the way compared with its private one."""
    public = move.after
    while private is not None:
        ours, theirs = read([private, public])
        head = b"tag %d\0" % len(theirs)
        if hashlib.sha1(head + theirs, usedforsecurity=False).digest() != public:
            _fail(move.ref)
        private_lines, private_message = _parts(ours)
        lines, message = _parts(theirs)
        carried = [line for line in private_lines if line.startswith(_CARRIED)]
        if recipe.changes_nothing_said:
            # What is missing at the end of the message is a signature.
            is_right = lines[1:] == carried and private_message.startswith(message)
        else:
            wanted = recipe.carried_tag(parse_tag(ours), renamed)
            tagger = [wanted.tagger.removesuffix(b"\n")] if wanted.tagger else []
            others = [line for line in carried if not line.startswith(b"tagger ")]
            is_right = lines[1:] == [*others, *tagger] and message == wanted.message
        if not is_right:
            _fail(move.ref)
        public = bytes.fromhex(lines[0].removeprefix(b"object ").decode())
        inner = bytes.fromhex(private_lines[0].removeprefix(b"object ").decode())
        private = inner if b"type tag" in carried else None
    return public


def _parts(tag: bytes) -> tuple[list[bytes], bytes]:
    """Return the lines of a tag's head, and its message."""
    head, _, message = tag.partition(b"\n\n")
    return head.removesuffix(b"\n").split(b"\n"), message


def _fail(ref: str) -> NoReturn:
    raise InternalError(
        "publish-refs-unproven",
        f"{ref} would name something that is not proven to be core. Nothing was written outside.",
        "This is a bug in Coreline: please report it. The public repository was not touched.",
    )
