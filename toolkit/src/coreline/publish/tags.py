# SPDX-License-Identifier: Apache-2.0
"""Tags of the public history: the same names on the commits that stand for the private ones.

An annotated tag is written anew with the same tagger, date and message. Its signature would no
longer fit what it names, so it is left out, and the tag is listed.
"""

from typing import NamedTuple

from coreline.publish.ledger import Ledger
from coreline.publish.private import Reader, Tag
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.messages import Renamed
from coreline.publish.recipe.recipe import Recipe
from coreline.sources.objects import build_tag, parse_tag
from coreline.sources.packs import ObjectWriter


class PublicTags(NamedTuple):
    """What becomes of the private tags.

    ``ids`` maps a name to the public object; ``unsigned`` lists those that lost a signature,
    ``left_out`` those that are not published, with the reason.
    """

    ids: dict[str, bytes]
    unsigned: list[str]
    left_out: dict[str, str]


def public_tags(
    tags: list[Tag],
    ledger: Ledger,
    read: Reader,
    writer: ObjectWriter,
    recipe: Recipe,
    ids: CommitIds,
) -> PublicTags:
    """Return the public tags; new tag objects are in the writer."""
    result = PublicTags({}, [], {})
    for tag in tags:
        entry = None if tag.commit is None else ledger.get(tag.commit)
        if tag.commit is None:
            result.left_out[tag.name] = "it names no commit"
        elif entry is None:
            result.left_out[tag.name] = "it is not on the branch"
        elif entry.public is None:
            result.left_out[tag.name] = "nothing of what it names is core"
        elif not tag.annotated:
            result.ids[tag.name] = entry.public
        else:
            renamed = ids.renamed_at(tag.commit)
            name, signed = _rewrite(tag.target, entry.public, read, writer, recipe, renamed)
            result.ids[tag.name] = name
            if signed:
                result.unsigned.append(tag.name)
    return result


def _rewrite(
    target: bytes,
    public: bytes,
    read: Reader,
    writer: ObjectWriter,
    recipe: Recipe,
    renamed: Renamed,
) -> tuple[bytes, bool]:
    """Write one tag anew, and the tags that it names, if it is a tag of a tag."""
    parts = parse_tag(next(read([target])))
    inner_signed = False
    if parts.kind == b"tag":
        public, inner_signed = _rewrite(parts.target, public, read, writer, recipe, renamed)
    carried = recipe.carried_tag(parts, renamed)
    name = writer.add(b"tag", build_tag(carried._replace(target=public)))
    return name, parts.signed or inner_signed
