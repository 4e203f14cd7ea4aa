# SPDX-License-Identifier: Apache-2.0
"""Parse ``coreline.toml``: every mistake of it in one run, each at its line and column.

``tomllib`` says what the values are, ``shape`` whether they fit the model, ``rules`` whether they
fit each other. Where they stand (``positions``) is only asked for when somebody must be told, so
that a manifest without mistakes costs little.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from coreline.errors import InputError, InternalError
from coreline.manifest.claims import Line
from coreline.manifest.model import MANIFEST_NAME, Feature, Manifest
from coreline.manifest.problems import Key, ManifestErrors, Mistake, Position, Problem
from coreline.manifest.rules import find_mistakes, undescribed

# A manifest of 200 claims has 10 kB. What is larger than this is something else.
SIZE_MAX = 1024 * 1024


class ParsedManifest:
    """A manifest without mistakes, with its text and the place of every key.

    Args:
        manifest: the values.
        text: what they were parsed from.
        source: the manifest's name, as the user gave it.
    """

    def __init__(self, manifest: Manifest, text: str, source: str) -> None:
        self.manifest = manifest
        self.text = text
        self.source = source

    @cached_property
    def line(self) -> Line:
        """The claims, compiled once."""
        return Line(self.manifest)

    @cached_property
    def _places(self) -> "Places":
        return Places(self.text)

    def position(self, key: Key) -> Position:
        """Return where a key is named (an element of a list: where it begins).

        The nearest table that holds it, where the text has no such key.
        """
        return self._places.of_key(key)

    def value_position(self, key: Key) -> Position:
        """Return where the value of a key begins."""
        return self._places.of_value(key)


class Places:
    """Where keys stand in a text; a missing key stands where its table does."""

    def __init__(self, text: str) -> None:
        # The grammar is imported only when a place is asked for: most runs tell nobody.
        from coreline.manifest.positions import find_places

        self._places = find_places(text)

    def of_key(self, key: Key) -> Position:
        """Return where a key is named."""
        while key not in self._places:
            key = key[:-1]
        return self._places[key].key

    def of_value(self, key: Key) -> Position:
        """Return where the value of a key begins."""
        return self._places[key].value if key in self._places else self.of_key(key)


def read_manifest(path: Path, *, repository: Path | None) -> ParsedManifest:
    """Read and parse a manifest on disk.

    Args:
        path: the manifest.
        repository: the folder that its decision files are relative to; None where there is no
            repository, and so nothing to look for.

    Raises:
        InputError: there is none (``manifest-not-found``), it cannot be read
            (``manifest-unreadable``), it is too large (``manifest-too-large``) or it is no UTF-8
            text (``manifest-not-text``).
        ManifestErrors: it has mistakes.
    """
    source = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_MAX + 1)
    except FileNotFoundError as error:
        raise InputError(
            "manifest-not-found",
            f"There is no {source}.",
            "Run `coreline init` to propose one, or name it with --manifest.",
        ) from error
    except OSError as error:
        raise InputError(
            "manifest-unreadable",
            f"{source} cannot be read: {error.strerror}.",
            "Give a file that you may read with --manifest.",
        ) from error
    exists = None if repository is None else (lambda name: (repository / name).is_file())
    return parse_manifest(_decode(data, source), source=source, exists=exists)


def parse_manifest(
    text: str, *, source: str = MANIFEST_NAME, exists: Callable[[str], bool] | None = None
) -> ParsedManifest:
    """Parse the text of a manifest.

    Args:
        text: TOML 1.0.
        source: its name, for messages.
        exists: whether a path of the repository is a file; None where that cannot be known.

    Raises:
        InputError: the text is too large (``manifest-too-large``), nests too deeply
            (``manifest-too-deep``) or holds what no text holds (``manifest-not-text``).
        ManifestErrors: every mistake found.
    """
    data = load_toml(text, source)
    manifest, shape = _convert(data)
    mistakes = _without_repetitions(shape, find_mistakes(manifest, exists))
    if mistakes:
        places = Places(text)
        problems = (_problem(mistake, places) for mistake in mistakes)
        raise ManifestErrors(source, sorted(problems, key=lambda one: (one.line, one.column)))
    return ParsedManifest(_with_implied(manifest), text, source)


def _with_implied(manifest: Manifest) -> Manifest:
    """Add the features that are sold and not described, so that nobody else needs to know."""
    implied = {name: Feature(side="wrap") for name, _ in undescribed(manifest)}
    if not implied:
        return manifest
    return msgspec.structs.replace(manifest, features={**manifest.features, **implied})


def _convert(data: dict[str, Any]) -> tuple[Manifest, list[Mistake]]:
    """Return the manifest, repaired where it has mistakes of shape, and these."""
    try:
        return msgspec.convert(data, Manifest), []
    except msgspec.ValidationError as error:
        from coreline.manifest.shape import walk

        repaired, mistakes = walk(data)
        if not mistakes:
            raise InternalError(
                "manifest-shape-unexplained",
                f"The manifest does not fit its model, and no mistake was found: {error}",
            ) from error
        return msgspec.convert(repaired, Manifest), mistakes


def _without_repetitions(shape: list[Mistake], ruled: list[Mistake]) -> list[Mistake]:
    """Return all mistakes, less those only concluded from a value that is itself a mistake."""
    wrong = {key for mistake in shape for key in (mistake.key, *mistake.needs)}
    return shape + [
        mistake
        for mistake in ruled
        if not any(
            key[:length] in wrong
            for key in (mistake.key, *mistake.needs)
            for length in range(1, len(key) + 1)
        )
    ]


def _problem(mistake: Mistake, places: Places) -> Problem:
    find = places.of_key if mistake.on_key else places.of_value
    message = mistake.message
    if mistake.other is not None:
        message += f" on line {places.of_key(mistake.other).line}."
    return Problem(mistake.code, message, mistake.hint, *find(mistake.key))


def load_toml(text: str, source: str) -> dict[str, Any]:
    """Return the values of a text that may be a manifest; raises as ``parse_manifest`` does."""
    if len(text) > SIZE_MAX:
        raise _too_large(source)
    if text.startswith("\ufeff"):
        raise _syntax(
            source,
            Position(1, 1),
            "The file begins with a byte order mark.",
            "Save it as UTF-8 without a byte order mark.",
        )
    for odd in ("\0", "\ud800-\udfff"):
        found = re.search(f"[{odd}]", text)
        if found:
            raise _not_text(source, text[: found.start()], f"U+{ord(found[0]):04X}")
    if any(line.count(".") >= _DOTS_MAX and _DEEP_KEY.search(line) for line in text.split("\n")):
        raise _too_deep(source)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, place = _explained(str(error), text)
        hint = next((hint for start, hint in _TOML_HINTS.items() if said.startswith(start)), "")
        raise _syntax(source, place, f"Not valid TOML: {said}.", hint) from error
    except RecursionError as error:
        raise _too_deep(source) from error


# tomllib spends the square of a key's depth: a file of 16 kB can keep it busy for seconds, one of
# 1 MiB for hours.
_DOTS_MAX = 64
_NAME = r"(?:[A-Za-z0-9_-]++|\"[^\"]*+\"|'[^']*+')"
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{{_DOTS_MAX}}}")


# tomllib says what it did not understand, not what to write.
_TOML_HINTS = {
    "Invalid value": 'A text stands in quotes: "…".',
    "Invalid initial character": "A key with other characters than a-z, 0-9, - and _ is quoted.",
    "Cannot overwrite a value": "The key is there twice: keep one of them.",
    "Cannot declare": "The table is there twice: write its keys under one header.",
    "Unclosed array": "Close the list with ].",
    "Unterminated string": "Close the text with the quotes that it begins with.",
    "Illegal character": "Close the text before the line ends; in a text, write a backslash twice.",
    "Unescaped": "In a text, write a backslash twice, or use forward slashes.",
    "Expected newline": "Write one key = value on each line, and lists in brackets.",
    "Expected '='": "Write key = value.",
}


def _explained(said: str, text: str) -> tuple[str, Position]:
    """Return what tomllib found wrong, and where (it says so in its message)."""
    found = re.fullmatch(r"(?s)(.*) \(at line (\d+), column (\d+)\)", said)
    if found:
        return found[1], Position(int(found[2]), int(found[3]))
    lines = text.split("\n")
    return said.removesuffix(" (at end of document)"), Position(len(lines), len(lines[-1]) + 1)


def _syntax(source: str, place: Position, message: str, hint: str) -> ManifestErrors:
    return ManifestErrors(source, [Problem("toml-syntax", message, hint, *place)])


def _too_deep(source: str) -> InputError:
    return InputError(
        "manifest-too-deep",
        f"{source} nests lists or tables too deeply to be a manifest.",
        "No key of a manifest is deeper than 5.",
    )


def _too_large(source: str) -> InputError:
    return InputError(
        "manifest-too-large",
        f"{source} has more than {SIZE_MAX // 1024} KiB, which is no manifest.",
        "Name the manifest with --manifest. Claim folders (dir/**), not single files.",
    )


def _not_text(source: str, before: str, what: str) -> InputError:
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return InputError(
        "manifest-not-text",
        f"{source}:{line}:{column}: {what} is not UTF-8 text.",
        "Save the file as UTF-8.",
    )


def _decode(data: bytes, source: str) -> str:
    if len(data) > SIZE_MAX:
        raise _too_large(source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        raise _not_text(source, before, f"the byte 0x{data[error.start]:02X}") from error
