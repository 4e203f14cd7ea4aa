# SPDX-License-Identifier: Apache-2.0
"""Ways by what trees hold: histories, modes, and names that no editor would make."""

from collections.abc import Callable
from typing import Any

GROUP = "Histories and trees"


def _two(first: Callable[[Any], list[Any]], second: Callable[[Any], list[Any]]) -> Any:
    """A commit and one after it."""

    def make(at: Any) -> None:
        name = at.on.commit(first(at.on))
        at.on.commit(second(at.on), name)

    return make


def _a(on: Any) -> list[Any]:
    return [("100644", "a", on.plain)]


def _wrapped(on: Any) -> list[Any]:
    return [*_a(on), ("40000", "enterprise", on.wrap)]


def _renamed(at: Any) -> None:
    first = at.on.commit([*_a(at.on), ("100644", "b.ee", at.on.secret)])
    at.on.commit(_wrapped(at.on), first)
    at.files = {"a"}


def _copied(at: Any) -> None:
    # To a path of the core: that alone does not say that the content may be public.
    at.on.commit(sorted([*at.on.usual, ("100644", "b", at.on.secret)], key=lambda row: row[1]))
    at.look()


def _moved_out(at: Any) -> None:
    first = at.on.commit(at.on.usual)
    at.publish()
    at.on.commit([*at.on.usual[:1], ("100644", "b", at.on.secret), *at.on.usual[2:]], first)
    at.look()


def _evil_merge(at: Any) -> None:
    one = at.on.commit(_a(at.on))
    two = at.on.commit([("100644", "b", at.on.plain)])
    evil = ("100644", "evil.ee", at.on.secret)
    at.on.commit([*at.on.usual[:1], evil, *at.on.usual[1:]], one, two)
    at.files = {"a", "src/x"}


def _resolved(at: Any) -> None:
    # Both sides changed a file of the core; the resolution takes one of the wrap along.
    base = at.on.commit(_a(at.on))
    one = at.on.commit([("100644", "a", at.on.blob("1"))], base)
    two = at.on.commit(
        [("100644", "a", at.on.blob("2")), ("40000", "enterprise", at.on.wrap)], base
    )
    inner = at.on.tree([("100644", "a.ee", at.on.secret), ("100644", "x", at.on.plain)])
    at.on.commit([("100644", "a", at.on.blob("12")), ("40000", "src", inner)], one, two)
    at.files = {"a", "src/x"}


def _octopus(at: Any) -> None:
    roots = [at.on.commit([("100644", name, at.on.plain)]) for name in "bcd"]
    roots.append(at.on.commit([("40000", "enterprise", at.on.wrap)]))
    at.on.commit(at.on.usual, *roots)
    at.files = {"a", "src/x"}


def _merged_with_itself(at: Any) -> None:
    one = at.on.commit(_wrapped(at.on))
    at.on.commit(at.on.usual, one, one)
    at.files = {"a", "src/x"}


def _foreign_root(at: Any) -> None:
    one = at.on.commit([("40000", "enterprise", at.on.wrap), ("100644", "z.ee", at.on.secret)])
    two = at.on.commit(_a(at.on))
    at.on.commit(_a(at.on), two, one, message="merge -s ours")
    at.files = {"a"}


def _file_then_folder(at: Any) -> None:
    first = at.on.commit([*_a(at.on), ("100644", "enterprise", at.on.plain)])
    second = at.on.commit(at.on.usual, first)
    at.on.commit([*_a(at.on), ("120000", "enterprise", at.on.plain)], second)
    at.files = {"a", "enterprise"}


def _reverted(at: Any) -> None:
    first = at.on.commit(_wrapped(at.on))
    second = at.on.commit(_a(at.on), first, message="remove the wrap")
    at.on.commit(at.on.usual, second, message='Revert "remove the wrap"')
    at.files = {"a", "src/x"}


def _one_tree_twice(at: Any) -> None:
    on = at.on
    shared = on.tree([("100644", "k.ee", on.secret), ("100644", "x", on.plain)])
    inner = on.tree([("40000", "enterprise", shared), ("40000", "src", shared)])
    on.commit([("40000", "deep", inner), ("40000", "enterprise", inner), ("40000", "src", shared)])
    at.files = {"deep/enterprise/x", "deep/src/x", "src/x"}


def _folder_mode(mode: str) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        at.on.commit([*_a(at.on), (mode, "enterprise", at.on.wrap)])
        at.files = {"a"}

    return make


def _group_writable(at: Any) -> None:
    at.on.commit([("100664", "a", at.on.plain), ("100664", "k.ee", at.on.secret)])
    at.files = {"a"}


def _mode_change(at: Any) -> None:
    first = at.on.commit([*_a(at.on), ("100644", "k.ee", at.on.secret)])
    second = at.on.commit([*_a(at.on), ("100755", "k.ee", at.on.secret)], first)
    at.on.commit([*_a(at.on), ("120000", "k.ee", at.on.secret)], second)
    at.files = {"a"}


def _unsorted(at: Any) -> None:
    on = at.on
    on.commit([("40000", "src", on.core), ("40000", "enterprise", on.wrap), *_a(on)])
    at.files = {"a", "src/x"}


def _empty_trees(at: Any) -> None:
    nothing = at.on.tree([])
    at.on.commit([*_a(at.on), ("40000", "enterprise", nothing), ("40000", "src", nothing)])
    at.files = {"a"}


def _slash_in_name(at: Any) -> None:
    at.on.commit([*_a(at.on), ("100644", "enterprise/s", at.on.secret)])
    at.files = {"a"}


def _undecodable(at: Any) -> None:
    on = at.on
    inner = on.tree([("100644", "\udcff.ee", on.secret), ("100644", "\udcfe", on.plain)])
    on.commit([("40000", "src", inner)])
    at.files = {"src/\udcfe"}


def _named(name: str, *, folder: bool = False) -> Callable[[Any], None]:
    """A path of the core, by the letter, that holds what is meant for the wrap."""

    def make(at: Any) -> None:
        row = ("40000", name, at.on.wrap) if folder else ("100644", name, at.on.secret)
        at.on.commit([*_a(at.on), row])

    return make


def _composed(at: Any) -> None:
    at.wrap = ["caf\N{LATIN SMALL LETTER E WITH ACUTE}/**"]
    at.on.commit([*_a(at.on), ("40000", "cafe\N{COMBINING ACUTE ACCENT}", at.on.wrap)])


def _latin_1(at: Any) -> None:
    at.wrap = ["caf\N{LATIN SMALL LETTER E WITH ACUTE}/**"]
    at.on.commit([*_a(at.on), ("40000", "caf\udce9", at.on.wrap)])


def _capital_claim(at: Any) -> None:
    at.wrap = ["Enterprise/**"]
    at.on.commit(_wrapped(at.on))


def _twice(at: Any) -> None:
    at.on.commit([*_wrapped(at.on), ("40000", "enterprise", at.on.core)])


def _twice_before(at: Any) -> None:
    src = at.on.tree([("100644", "k.ee", at.on.secret), ("100644", "x", at.on.plain)])
    rows = [*_a(at.on), ("40000", "src", src), ("40000", "src", at.on.tree([
        ("100644", "l.ee", at.on.secret), ("100644", "x", at.on.plain)]))]  # fmt: skip
    at.on.commit(_a(at.on), at.on.commit(rows))


WAYS = [
    ("a file of the wrap is renamed within it", "removed",
     "each path is asked about by itself; no rename is followed", _renamed),
    ("a file of the wrap is copied to a path of the core", "refused: publish-shared-content",
     "a content of both sides waits for a decision (`publish.shared`)", _copied),
    ("a file of the wrap is renamed to a path of the core", "refused: publish-shared-content",
     "the same", _moved_out),
    ("an evil merge adds a file of the wrap that no parent had", "removed",
     "a merge's tree is filtered like any other", _evil_merge),
    ("the resolution of a conflict takes a file of the wrap along", "removed",
     "the same", _resolved),
    ("an octopus merge brings the wrap as one of its arms", "removed",
     "an arm that holds nothing of the core has no public commit", _octopus),
    ("a commit is merged with itself", "removed",
     "its tree is filtered like any other", _merged_with_itself),
    ("a root of its own that holds only the wrap is merged with `-s ours`", "removed",
     "it has no public commit, so nothing leads there", _foreign_root),
    ("the wrap's folder was a file, then a folder, then a link", "removed",
     "claims are on paths: `enterprise` is core, `enterprise/…` is not", _file_then_folder),
    ("the removal of the wrap is reverted", "removed", "the same", _reverted),
    ("one tree, by its id, lies in the core and in the wrap", "removed",
     "what is remembered of a tree is remembered with its folder", _one_tree_twice),
    *((f"the wrap's folder has the mode {mode}", "removed",
       "git looks at four bits of a mode, and so does the filter", _folder_mode(mode))
      for mode in ("40755", "040755", "40001", "040000")),
    ("files have the mode 100664", "removed", "the same", _group_writable),
    ("a file of the wrap becomes executable, then a link", "removed",
     "its path stays the wrap's", _mode_change),
    ("a tree is not sorted", "removed", "no search relies on the order", _unsorted),
    ("folders are empty trees", "removed", "they hold nothing and are left out", _empty_trees),
    ("a name holds a slash: `enterprise/s` in the root's own tree", "removed",
     "it is the path that git shows", _slash_in_name),
    ("names are no UTF-8", "removed", "they stay bytes, and globs match bytes", _undecodable),
    ("a name holds a slash and a way around: `src/../enterprise`",
     "refused: publish-name-impossible", "git would not check it out",
     _named("src/../enterprise", folder=True)),
    *((f"a folder is called `{name}`", "refused: publish-name-impossible",
       "git would not check it out", _named(name, folder=True))
      for name in ("..", ".", ".git", ".GIT", "git~1")),
    ("a name is empty", "refused: object-malformed", "it is no tree", _named("", folder=True)),
    ("the case differs: `Enterprise/`", "refused: publish-look-alike",
     "macOS and Windows take it for the wrap's folder", _named("Enterprise", folder=True)),
    ("the claim's case differs: `Enterprise/**` for `enterprise/`", "refused: publish-look-alike",
     "the same", _capital_claim),
    ("the suffix's case differs: `k.EE`", "refused: publish-look-alike", "the same",
     _named("k.EE")),
    ("letters are decomposed (NFD) where the claim composes them", "refused: publish-look-alike",
     "macOS takes them for the same", _composed),
    ("a name is Latin-1 where the claim is UTF-8", "refused: publish-look-alike",
     "it is the same name, written on an older system", _latin_1),
    ("a letter is Cyrillic: `\N{CYRILLIC SMALL LETTER IE}nterprise/`",
     "refused: publish-look-alike", "nobody sees the difference",
     _named("\N{CYRILLIC SMALL LETTER IE}nterprise", folder=True)),
    ("letters are full-width", "refused: publish-look-alike", "the same (NFKC)",
     _named("\N{FULLWIDTH LATIN SMALL LETTER E}nterprise", folder=True)),
    ("a zero-width joiner stands in a name", "refused: publish-look-alike",
     "macOS skips it", _named("enter\N{ZERO WIDTH JOINER}prise", folder=True)),
    ("a dot ends a name: `enterprise.`", "refused: publish-look-alike",
     "Windows drops it", _named("enterprise.", folder=True)),
    ("a space ends a name", "refused: publish-look-alike", "the same",
     _named("enterprise ", folder=True)),
    ("a backslash stands for a slash: `enterprise\\s`", "refused: publish-look-alike",
     "Windows reads one", _named("enterprise\\s")),
    ("a tree of the head has a name twice", "refused: publish-tree-repeats",
     "nobody can say what it holds", _twice),
    ("a tree of an older commit has a name twice", "refused: publish-tree-repeats",
     "the proof reads both", _twice_before),
]  # fmt: skip
