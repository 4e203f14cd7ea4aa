# SPDX-License-Identifier: Apache-2.0
"""The kinds of extension of this room: checks, languages, locks, formats; each with its examples.

One file each, in the folder of its kind, ending in ``CHECK``, ``LANGUAGE``, ``LOCK`` or ``FORMAT``.
The shared tests and the reference pages are made from the examples.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TextIO

from msgspec import Struct

from coreline.boundary.facts import Definition, FileFacts, Locked, Reference

if TYPE_CHECKING:
    from coreline.boundary.model import Finding, Kind, Report
    from coreline.boundary.names import Names
    from coreline.boundary.resolve import Meant
    from coreline.boundary.subject import Subject
    from coreline.boundary.syntax import Path
    from coreline.boundary.world import World


class Source(Struct, frozen=True):
    """One file handed to a language."""

    data: bytes
    names: "Names"
    hits: Sequence[tuple[int, int]]
    """Where names of a wrap stand: offsets of their first byte and of the byte after."""


class Example(Struct, frozen=True):
    """Some code and the references that a language must find in it.

    Each expected reference is (form, guard, module, names). The shared test runs it with the
    wrap's modules ``acme_ee`` and ``ee``, whose folder is ``ee/``.
    """

    code: str
    expected: tuple[tuple[str, str | None, str, tuple[str, ...]], ...] = ()


Resolve = Callable[[Reference, str], "Meant | None"]
"""Takes a reference and the path of its file, and returns the wrap that it means."""


Guard = Callable[["Path"], str | None]
"""Takes the nodes from the root of a file down to a place and returns what guards it."""


class Language(Struct, frozen=True, kw_only=True):
    """How the files of one language refer to modules. Takes bytes, does no input or output."""

    name: str
    sentence: str
    version: int
    """Raised whenever ``extract`` finds something else in the same bytes: old facts are dropped."""
    extract: Callable[[Source], FileFacts]
    examples: tuple[Example, ...]
    suffixes: frozenset[str] = frozenset()
    """Endings of file names, with the dot."""
    filenames: tuple[str, ...] = ()
    """Whole file names in lower case; ``*`` is any run of characters. One with a folder
    (``.github/workflows/*.yml``) is of the files anywhere below such a folder."""
    interpreters: frozenset[str] = frozenset()
    """Programs that a ``#!`` line runs: a script is of the language, whatever it is called."""
    always: bool = False
    """Whether a file is parsed even where it holds no name of a wrap."""
    define: Callable[[bytes], Iterable[Definition]] | None = None
    """The names that a file of a wrap gives to things. Only files of a wrap are asked, all of them:
    it must be fast (a regular expression, not a parser)."""
    words: Callable[[Mapping[str, str]], Iterable[str]] | None = None
    """Takes the owner of each file and returns words by which this language refers to files of the
    wraps, where neither the names of folders nor definitions are such: headers, modules of Rust."""
    folders: tuple[str, ...] = ()
    """Folders whose files are all of this language, whatever their names: ``META-INF/services``."""
    aliases: Callable[[bytes], Iterable[tuple[str, str]]] | None = None
    """The names that a configuration gives to paths, each with the path from the file's folder.
    Configurations of the core are asked, by ``filenames``, before anything is searched."""
    resolver: "Callable[[World], Resolve] | None" = None
    """Makes what resolves the references of this language's files, once for a tree. None where
    paths, distributions and Python's modules are all that they refer to.

    What a reference means may depend on the wraps' files, on files and folders of the core whose
    names have a word of some reference, and on settings and definitions: trees that agree in these
    are one to the history (``coreline.boundary.history.shapes``)."""
    grammar: tuple[str, str] | None = None
    """The module of its tree-sitter grammar and the function that returns it: with them, comments,
    strings and calls are told apart where gates, look-ups and names are looked for, which is the
    same for every language (``coreline.boundary.beyond``). None asks the text of the line."""
    is_query: bool = False
    """Whether a file is one long query: it has no grammar here, and reads tables all the same."""
    guard: "Callable[[], Guard] | None" = None
    """Makes, once for a file, what says the guard of a place. None where the language does not."""
    header_line_max: int | None = None
    """An SPDX header below this line is an example that the file shows; None for no limit."""

    @property
    def reads_names(self) -> bool:
        """Whether its files may read a setting, a table … by a name."""
        return self.grammar is not None or self.is_query

    def states(self, line: int) -> bool:
        """Whether an SPDX header at a line is the file's own."""
        return self.header_line_max is None or line <= self.header_line_max


class LockExample(Struct, frozen=True):
    """A lock file and the packages that its reader must find in it."""

    code: str
    expected: tuple[Locked, ...]


class Lock(Struct, frozen=True, kw_only=True):
    """One format of lock files: which packages of third parties are installed. No input or output.

    A workspace's own packages are no third party's and are left out.
    """

    name: str
    sentence: str
    version: int
    """Raised whenever ``read`` finds something else in the same bytes."""
    filenames: tuple[str, ...]
    """Whole file names in lower case; ``*`` is any run of characters."""
    read: Callable[[bytes], Iterable[Locked]]
    """May raise ValueError, RecursionError and msgspec's errors: the file is then trouble."""
    examples: tuple[LockExample, ...]


class Check(Struct, frozen=True, kw_only=True):
    """One thing that must hold. Takes facts, does no input or output."""

    name: str
    sentence: str
    run: "Callable[[Subject], Iterable[Finding]]"
    kept: Mapping[str, str]
    """Files, ``coreline.toml`` among them, in which this check finds nothing."""
    broken: Mapping[str, str]
    """Files in which it finds exactly one thing, at ``path`` and of ``kind``."""
    path: str
    kind: "Kind"
    follows: Literal["file", "paths", "tree"] = "tree"
    """What findings that prove a grade follow from, which tells the history what to find anew:
    the references and gates of single ``file``s, the ``paths`` with the line and what files say of
    how paths are laid out, or all of a tree. What follows from all of a tree is not in it."""


class Format(Struct, frozen=True, kw_only=True):
    """One way to write a report."""

    name: str
    sentence: str
    write: "Callable[[Report, TextIO, Sequence[Check]], None]"
    """Takes the report, where to write it, and the checks that ran (for their sentences)."""
