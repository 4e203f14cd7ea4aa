# SPDX-License-Identifier: Apache-2.0
"""Ways by what commits say and what the manifest asks for: headers, messages, people, regions."""

from collections.abc import Callable
from typing import Any

from coreline.publish.back.origin import Origin, with_origin
from coreline.sources.objects import object_id, parse_commit

GROUP = "Messages, people, regions and the recipe"

_SECRET = "of the wrap, for customers alone\n"
_RULE = 'messages = [{ match = "for customers.*", replace = "" }]'


def _message(text: bytes, encoding: str = "", said: str = _RULE) -> Callable[[Any], None]:
    """A commit whose message the rules have to find, whatever its encoding is."""

    def make(at: Any) -> None:
        at.said = said
        header = f"encoding {encoding}\n" if encoding else ""
        _raw(at, header.encode(), text)

    return make


def _raw(at: Any, headers: bytes, message: bytes, who: bytes = b"A <a@b.c>") -> str:
    tree = at.on.tree(at.on.usual)
    body = b"tree %b\nauthor %b 1 +0000\ncommitter %b 1 +0000\n%b\n%b" % (
        tree.encode(), who, who, headers, message,
    )  # fmt: skip
    arguments = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    name = str(at.on.git(*arguments, stdin=body))
    at.on.git("update-ref", "refs/heads/main", name)
    return name


def _headers(text: str) -> Callable[[Any], None]:
    return lambda at: _raw(at, text.encode(), b"more\n") and None


def _trailer(at: Any) -> None:
    at.said = 'drop_trailers = ["Customer"]'
    _raw(at, b"", f"more\n\nCustomer: Acme\n {_SECRET}Signed-off-by: A <a@b.c>\n".encode())


def _id_in_message(at: Any) -> None:
    at.said = "commit_ids = true"
    wrap = at.on.commit([("40000", "enterprise", at.on.wrap)])
    at.on.commit(at.on.usual, wrap, message=f"Fixes {wrap[:12]} and {wrap}")

    def without_the_id(public: Any) -> None:
        assert wrap[:12] not in public.git("log", "--format=%B", "main")

    at.after = without_the_id


def _forged_origin(at: Any) -> None:
    _raw(at, f"coreline-public {'1' * 40}\n gpgsig {_SECRET}".encode(), b"more\n")


def _true_origin(at: Any) -> None:
    """A header whose id is right, for a commit that says what the rules would take out."""
    at.said = _RULE
    signature = f"gpgsig {_SECRET}".encode()
    tree = at.on.tree([at.on.usual[0], at.on.usual[2]])
    body = f"tree {tree}\nauthor A <a@b.c> 1 +0000\ncommitter A <a@b.c> 1 +0000\n".encode()
    public = object_id(b"commit", body + signature + b"\nmore\n")
    name = at.on.commit(at.on.usual)
    part = parse_commit(body + b"\nmore\n")
    private = with_origin(
        part._replace(tree=bytes.fromhex(at.on.git("rev-parse", f"{name}^{{tree}}"))),
        Origin(public, signature),
    )
    made = at.on.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=private)
    at.on.git("update-ref", "refs/heads/main", made)


def _own(first: str, second: str, said: str = 'line = "own"') -> Callable[[Any], None]:
    """Two commits with a manifest each; the second is today's."""

    def make(at: Any) -> None:
        at.said = said
        name = ""
        for text in (first, second):
            blob = at.on.blob(text or at.manifest)
            rows = [("100644", "coreline.toml", blob), *at.on.usual]
            name = at.on.commit(rows, *([name] if name else []))

    return make


_ALL_CORE = (
    '[product]\nname = "demo"\nprimary = "Demonstrate"\n[core]\nspdx = "MIT"\npaths = ["**"]\n'
)


def _claimed_once(at: Any) -> None:
    _own(_ALL_CORE, "")(at)
    at.look()


def _names_the_wrap(at: Any) -> None:
    at.usual(message="more of enterprise/s")
    at.look()


def _tag_names(at: Any) -> None:
    at.on.git("tag", "-a", "-m", "more of enterprise/s", "v1", at.usual())
    at.look()


def _manifest_is(mode: str) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        at.said = 'line = "own"'
        target = {"120000": at.on.blob("a"), "40000": at.on.core, "160000": "1" * 40}[mode]
        first = at.on.commit([(mode, "coreline.toml", target), *at.on.usual])
        blob = at.on.blob(at.manifest)
        at.on.commit([("100644", "coreline.toml", blob), *at.on.usual], first)

    return make


def _range_unknown(at: Any) -> None:
    at.usual()
    (at.folder / "old.toml").write_text(_ALL_CORE)
    at.said = 'ranges = [{ until = "nowhere", manifest = "old.toml" }]'
    at.on.git("clone", "-q", "--bare", str(at.on.repository.folder), str(at.folder / ".git"))


def _region(text: str, said: str = "regions = true") -> Callable[[Any], None]:
    """A file of the core that holds the secret between markers, more or less."""

    def make(at: Any) -> None:
        at.said = said
        at.usual(("100644", "z", at.on.blob(text)))

    return make


def _region_before(at: Any) -> None:
    at.said = "regions = true"
    first = at.usual(("100644", "z", at.on.blob(f"# coreline:wrap-begin\n{_SECRET}")))
    at.on.commit(at.on.usual, first)

    def left_out(public: Any) -> None:
        assert "z" not in public.git("log", "--name-only", "--format=", "main").split()

    at.after = left_out


def _region_in_a_link(at: Any) -> None:
    at.said = "regions = true"
    text = at.on.blob("# coreline:wrap-begin")
    at.usual(("120000", "z", text))


def _mapped(private: str, public: str) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        at.said = f'paths = [{{ private = "{private}", public = "{public}" }}]'
        at.usual()

    return make


def _collision(at: Any) -> None:
    at.said = 'paths = [{ private = "src/**", public = "" }]'
    at.on.commit([("100644", "x", at.on.plain), *at.on.usual])


def _mailmap(name: str) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        at.core = ["a", "src/**", "people"]
        (at.folder / "people").write_text("Pub <p@x> <a@b.c>\n")
        at.said = f'mailmap = "{name}"'
        at.usual()

    return make


def _map_of_people(at: Any) -> None:
    """A person of the wrap, in every place of a commit and a tag that names people."""
    (at.folder / "people.ee").write_text("Pub <p@x> <for customers alone>\n")
    at.said = 'mailmap = "people.ee"'
    who = b"S <for customers alone>"
    name = _raw(at, b"", b"more\n\nCo-authored-by: " + who + b"\n", who)
    body = f"object {name}\ntype commit\ntag v1\ntagger {who.decode()} 1 +0000\n\nm\n"
    made = at.on.git("hash-object", "-t", "tag", "-w", "--stdin", "--literally",
                     stdin=body.encode())  # fmt: skip
    at.on.git("update-ref", "refs/tags/v1", made)


_IN = f"# coreline:wrap-begin\n{_SECRET}# coreline:wrap-end\n"
_MALFORMED = "refused: publish-region-malformed"

WAYS = [
    ("a commit has a signature, a merged tag and headers of its own", "removed",
     "only known headers are carried",
     _headers(f"gpgsig {_SECRET} -----END-----\nmergetag {_SECRET} x\nx-note {_SECRET}")),
    ("a message names the wrap", "removed",
     "the rules on messages take it out; what they leave is looked through before it leaves",
     _message(f"more\n\n{_SECRET}".encode())),
    ("a message says it in Latin-1", "removed", "messages are read in their own encoding",
     _message(f"Gr\xfc\xdfe {_SECRET}".encode("latin-1"), "ISO-8859-1")),
    ("a message says it in UTF-16", "removed", "the same",
     _message(f"more {_SECRET}".encode("utf-16-le"), "UTF-16LE")),
    ("a message's encoding is one that hides letters: `rot13`", "removed",
     "what is no encoding of text is read as bytes", _message(_SECRET.encode(), "rot13")),
    ("a message's encoding is unknown", "removed", "the same",
     _message(_SECRET.encode(), "x-none")),
    ("a message is no text at all", "removed", "bytes that mean nothing are kept apart",
     _message(b"\xff\xfe" + _SECRET.encode())),
    ("a trailer says it, in a second line of its own", "removed",
     "a trailer is left out with what continues it", _trailer),
    ("a message gives the id of a private commit", "removed",
     "it becomes the public id, or `(private)`", _id_in_message),
    ("the header `coreline-public` names an id that is not the commit's", "removed",
     "the id is computed, not believed", _forged_origin),
    ("the header `coreline-public` is right, and text stands in place of a signature", "removed",
     "only what has the form of a signature passes", _true_origin),
    ("a manifest of its own time gives the wrap to the core, once",
     "refused: publish-shared-content",
     "a content of both sides waits for a decision (`publish.shared`)", _claimed_once),
    ("a message names a file of the wrap, and no rule meets it",
     "refused: publish-message-names-wrap", "what leaves is looked through", _names_the_wrap),
    ("a tag's message does", "refused: publish-message-names-wrap", "the same", _tag_names),
    ("the same manifest, where today's line holds", "removed",
     "older manifests are only asked where the recipe says so", _own(_ALL_CORE, "", "")),
    ("a manifest of its own time cannot be read", "removed", "today's holds then",
     _own("[core", "")),
    ("a range of older commits ends at one that does not exist", "refused: revision-unknown",
     "nobody could say whose line holds", _range_unknown),
    *((f"the manifest of a commit is a {what}", "removed", "the same", _manifest_is(mode))
      for what, mode in (("link", "120000"), ("folder", "40000"), ("submodule", "160000"))),
    ("a region begins and does not end", _MALFORMED, "half a region may be the wrong half",
     _region(f"# coreline:wrap-begin\n{_SECRET}")),
    ("a region ends before it begins", _MALFORMED, "the same",
     _region(f"{_SECRET}# coreline:wrap-end\n{_IN}")),
    ("a region begins within another", _MALFORMED, "the same",
     _region(f"# coreline:wrap-begin\n{_IN}{_SECRET}# coreline:wrap-end\n")),
    ("a marker has other text in its line", _MALFORMED, "it may be a line that nobody reads as one",
     _region(f"x = 1 # coreline:wrap-begin\n{_SECRET}# coreline:wrap-end\n")),
    ("a marker is misspelled: `wrap-start`", _MALFORMED, "what begins like a marker has to be one",
     _region(f"# coreline:wrap-start\n{_SECRET}# coreline:wrap-end\n")),
    ("lines end in CR LF", "removed", "markers are found all the same",
     _region(_IN.replace("\n", "\r\n"))),
    ("a file is nothing but a region", "removed", "it is empty in public", _region(_IN)),
    ("a binary file holds a region", "removed", "bytes are bytes", _region(f"\0\1\n{_IN}")),
    ("a region of an older commit does not end", "removed",
     "there the file is left out, and listed", _region_before),
    ("a link's target reads like a marker", "harmless", "a link has no regions",
     _region_in_a_link),
    ("a region is marked, and `publish.regions` is off", "refused: publish-regions-off",
     "who marks a region means it", _region(_IN, "")),
    ("`publish.paths` puts two files in one place", "refused: publish-paths-collide",
     "one would hide the other", _collision),
    ("`publish.paths` moves the wrap's folder into the core's", "removed",
     "what is not core was left out before anything moves", _mapped("enterprise/**", "src/open")),
    ("the mailmap is published", "refused: publish-mailmap-public",
     "it says who everybody really is", _mailmap("people")),
    ("the mailmap is published under another spelling: `./x/../people`",
     "refused: publish-mailmap-public", "paths are made plain first", _mailmap("./x/../people")),
    ("a name that the mailmap hides stands in trailers and tags", "removed",
     "people are changed wherever they are named", _map_of_people),
]  # fmt: skip
