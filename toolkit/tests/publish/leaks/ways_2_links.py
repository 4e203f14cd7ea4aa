# SPDX-License-Identifier: Apache-2.0
"""Ways by what names something else: links, submodules, pointers, tags, notes, other refs."""

from collections.abc import Callable
from typing import Any

GROUP = "Links, submodules and refs"

_SECRET = "of the wrap, for customers alone\n"


def _link(target: str, name: str = "to") -> Callable[[Any], None]:
    """A link of the core at the head."""

    def make(at: Any) -> None:
        inner = at.on.tree([("120000", name, at.on.blob(target)), ("100644", "x", at.on.plain)])
        at.on.commit([*at.on.usual[:2], ("40000", "src", inner)])

    return make


def _chain(at: Any) -> None:
    up, into = at.on.blob("../.."), at.on.blob("up/enterprise/s")
    deep = at.on.tree([("120000", "into", into), ("120000", "up", up)])
    at.on.commit([*at.on.usual[:2], ("40000", "src", at.on.tree([("40000", "deep", deep)]))])


def _link_before(at: Any) -> None:
    _link("../enterprise/s")(at)
    at.on.commit(at.on.usual, at.on.git("rev-parse", "main"))

    def listed(_public: Any) -> None:
        assert at.verify().notes == ["src/to → ../enterprise/s: leads nowhere"]

    at.after = listed


def _link_of_the_wrap(at: Any) -> None:
    inner = at.on.tree([("120000", "k.ee", at.on.secret), ("100644", "x", at.on.plain)])
    at.on.commit([*at.on.usual[:2], ("40000", "src", inner)])
    at.files = {"a", "src/x"}


def _submodule(name: str) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        rows = [("100644", "a", at.on.plain), ("160000", name, at.on.secret)]
        at.on.commit(rows, at.on.commit(at.on.usual))
        at.files = {"a"}

    return make


def _submodule_below(at: Any) -> None:
    inner = at.on.tree([("160000", "sub", "1" * 40), ("100644", "s", at.on.secret)])
    at.on.commit([("100644", "a", at.on.plain), ("40000", "enterprise", inner)])
    at.files = {"a"}


def _submodule_above(at: Any) -> None:
    at.wrap = ["lib/enterprise/**"]
    inner = at.on.tree([("40000", "enterprise", at.on.wrap)])
    first = at.on.commit([("100644", "a", at.on.plain), ("40000", "lib", inner)])
    at.on.commit([("100644", "a", at.on.plain), ("160000", "lib", "1" * 40)], first)
    at.files = {"a", "lib"}


def _submodule_of_here(at: Any) -> None:
    name = at.on.commit([("40000", "enterprise", at.on.wrap)])
    at.on.commit([("100644", "a", at.on.plain), ("160000", "sub", name)])


def _modules(text: str, said: str = "", files: set[str] | None = None) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        at.said = said
        rows = [("100644", ".gitmodules", at.on.blob(text)), ("100644", "a", at.on.plain)]
        at.on.commit([*rows, ("160000", "enterprise", "1" * 40)])
        at.files = files

    return make


_OF_THE_WRAP = '[submodule "x"]\n\tpath = enterprise\n\turl = ../customers.git\n'


def _pointer(at: Any) -> None:
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'5' * 64}\nsize 9\n"
    kept = at.on.repository.folder / "lfs" / "objects" / "55" / "55"
    kept.mkdir(parents=True)
    (kept / ("5" * 64)).write_text(_SECRET)
    hook = at.on.repository.folder / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {at.folder}/uploaded\n")
    hook.chmod(0o755)
    at.usual(("100644", "z", at.on.blob(text)))
    at.prepare()

    def nothing_uploaded(_public: Any) -> None:
        assert not (at.folder / "uploaded").exists()
        assert not (at.to / "lfs").exists()

    at.after = nothing_uploaded


def _attributes(at: Any) -> None:
    text = "* filter=evil export-subst ident\na working-tree-encoding=UTF-16\n"
    at.on.git("config", "filter.evil.clean", f"cat {at.on.repository.folder}/config")
    at.on.git("config", "filter.evil.smudge", f"touch {at.folder}/ran")
    at.on.commit([("100644", ".gitattributes", at.on.blob(text)), *at.on.usual])

    def as_it_was(public: Any) -> None:
        assert public.git("rev-parse", "main:a") == at.on.plain
        assert not (at.folder / "ran").exists()

    at.after = as_it_was


def _tag_of(kind: str) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        at.usual()
        named = at.on.secret if kind == "blob" else at.on.wrap
        at.on.git("tag", "-a", "-m", "evil", "inner", named)
        at.on.git("tag", "-a", "-m", "evil", "outer", "inner")
        at.on.git("tag", "light", named)
        at.after = lambda public: _has_tags(public, "")

    return make


def _has_tags(public: Any, names: str) -> None:
    assert public.git("for-each-ref", "refs/tags", "--format=%(refname:short)") == names


def _tag_of_the_wrap_alone(at: Any) -> None:
    aside = at.on.commit([("40000", "enterprise", at.on.wrap)])
    at.on.git("tag", "-a", "-m", "evil", "aside", aside)
    at.usual()
    at.after = lambda public: _has_tags(public, "")


def _tag_before_any_core(at: Any) -> None:
    first = at.on.commit([("40000", "enterprise", at.on.wrap)])
    at.on.git("tag", "first", first)
    at.on.commit(at.on.usual, first)
    at.after = lambda public: _has_tags(public, "")


def _tag_with_headers(at: Any) -> None:
    name = at.usual()
    body = f"object {name}\ntype commit\ntag v1\ntagger A <a@b.c> 1 +0000\nx-note {_SECRET}\nm\n"
    _write(at, "tag", body, "refs/tags/v1")


def _write(at: Any, kind: str, body: str, ref: str) -> None:
    arguments = ("hash-object", "-t", kind, "-w", "--stdin", "--literally")
    at.on.git("update-ref", ref, at.on.git(*arguments, stdin=body.encode()))


def _signed_tag(at: Any) -> None:
    name = at.usual()
    body = (
        f"object {name}\ntype commit\ntag v1\ntagger A <a@b.c> 1 +0000\n\nm\n"
        f"-----BEGIN PGP SIGNATURE-----\n\n{_SECRET}-----END PGP SIGNATURE-----\n{_SECRET}"
    )
    _write(at, "tag", body, "refs/tags/v1")


def _tag_message(at: Any) -> None:
    at.said = 'messages = [{ match = "for customers.*", replace = "" }]'
    name = at.usual()
    at.on.git("tag", "-a", "-m", f"v1\n\nwhat is {_SECRET}", "v1", name)


def _notes(at: Any) -> None:
    name = at.usual()
    at.on.git("notes", "add", "-m", _SECRET, name)
    at.after = _only_main


def _only_main(public: Any) -> None:
    assert public.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"


def _other_refs(at: Any) -> None:
    name = at.usual()
    aside = at.on.git("commit-tree", "-p", name, "-m", _SECRET, at.on.tree(at.on.usual[1:2]))
    for ref in ("heads/customers", "stash", "pull/1/head", "remotes/origin/x", "bisect/bad"):
        at.on.git("update-ref", f"refs/{ref}", aside)
    at.after = _only_main


def _branch_tag_twins(at: Any) -> None:
    # A tag named as the branch: a short name would be ambiguous, a whole one is not.
    at.usual()
    aside = at.on.git("commit-tree", "-m", _SECRET, at.on.tree(at.on.usual[1:2]))
    at.on.git("update-ref", "refs/tags/main", aside)
    at.on.git("update-ref", "refs/heads/refs/heads/main", aside)
    at.after = _only_main


WAYS = [
    ("a link of the core leads to a file of the wrap", "refused: publish-link-into-wrap",
     "its target names what nobody should know", _link("../enterprise/s")),
    ("a link of the core leads to a folder of the wrap", "refused: publish-link-into-wrap",
     "the same", _link("../enterprise")),
    ("a link leads into the wrap by way of another link", "refused: publish-link-into-wrap",
     "links are followed as the system follows them", _chain),
    ("a link leads to `../ENTERPRISE/s`", "refused: publish-link-into-wrap",
     "so it does on macOS and Windows", _link("../ENTERPRISE/s")),
    ("a link of an older commit leads into the wrap", "harmless",
     "it holds a path and no content; `--verify` lists it", _link_before),
    ("a link stands at a path of the wrap", "removed", "its path is the wrap's", _link_of_the_wrap),
    ("a submodule takes the place of the wrap's folder", "removed",
     "it stands for all that is below it; not even the commit that it names is said",
     _submodule("enterprise")),
    ("a submodule stands at a file's path of the wrap", "removed", "its path is the wrap's",
     _submodule("k.ee")),
    ("a submodule stands within the wrap", "removed", "the same", _submodule_below),
    ("a submodule takes the place of a folder above the wrap's", "harmless",
     "it names a commit of another repository, and nothing of this one", _submodule_above),
    ("a submodule names a commit of the private repository", "refused: publish-submodule-private",
     "the public would learn its id, and could not have it", _submodule_of_here),
    ("`.gitmodules` tells where a submodule of the wrap is", "refused: publish-submodule-private",
     "the file is core, and its lines name the wrap's folder and address", _modules(_OF_THE_WRAP)),
    ("`.gitmodules` tells it in a marked region", "removed", "regions are left out",
     _modules(f"# coreline:wrap-begin\n{_OF_THE_WRAP}# coreline:wrap-end\n", "regions = true",
              {".gitmodules", "a"})),
    ("a pointer of Git LFS stands for a content of the wrap", "harmless",
     "a pointer holds a digest; publish uploads nothing for it, and runs no `pre-push` hook",
     _pointer),
    ("`.gitattributes` asks for filters, keywords and encodings", "harmless",
     "contents are carried by their ids; no filter runs", _attributes),
    ("a tag names a blob of the wrap", "removed", "only tags of published commits are carried",
     _tag_of("blob")),
    ("a tag names a tree of the wrap", "removed", "the same", _tag_of("tree")),
    ("a tag names a commit off the branch", "removed", "the same", _tag_of_the_wrap_alone),
    ("a tag names a commit from before there was a core", "removed", "the same",
     _tag_before_any_core),
    ("a tag has headers of its own", "removed", "only known ones are carried", _tag_with_headers),
    ("text hides in a tag's signature, or behind it", "removed",
     "signatures are left out, with all that follows", _signed_tag),
    ("a rule on messages meets a tag's message", "removed",
     "the rules on messages hold for tags, and what is left is looked through before it leaves",
     _tag_message),
    ("a note tells of the wrap", "removed", "notes are not carried", _notes),
    ("other branches, the stash, pull requests and remotes hold the wrap", "removed",
     "only the branch and its tags are pushed, each by its whole name", _other_refs),
    ("a tag and a branch have the branch's name", "removed",
     "refs are read and written by their whole names", _branch_tag_twins),
]  # fmt: skip
