# SPDX-License-Identifier: Apache-2.0
"""Build constraints of a Go file: whether it is left out where no tag is set by hand.

The rules are those of ``go help buildconstraint`` and of ``go/build/constraint``. Tags that the
toolchain sets by itself (systems, architectures, releases, cgo) may be true on somebody's machine
and guard nothing. Any other tag is false until someone passes ``-tags``.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_KNOWN = re.compile(
    # Systems.
    r"aix|android|darwin|dragonfly|freebsd|hurd|illumos|ios|js|linux|nacl|netbsd|openbsd|plan9"
    r"|solaris|wasip1|windows|zos"
    # Architectures.
    r"|386|amd64(p32)?|arm(be)?|arm64(be)?|loong64|mips(64)?(p32)?(le)?|ppc(64)?(le)?"
    r"|riscv(64)?|s390x?|sparc(64)?|wasm"
    # What the toolchain sets for a build, for a release, or for a feature of the processor.
    r"|unix|cgo|gc|gccgo|race|msan|asan|boringcrypto"
    r"|go1\.\d+|goexperiment\.\w+|(386|amd64|arm|arm64|mips\w*|ppc\w*|riscv64|wasm)\.\w+"
)

_TOKEN = re.compile(r"\s*(&&|\|\||!|\(|\)|[^\s&|!()]+)")
_WORD = re.compile(r"[\w.]+")
_LENGTH_MAX = 10_000
_DEPTH_MAX = 100

_NEW = re.compile(rb"^//go:build[ \t]+([^\r\n]*)", re.MULTILINE)
_OLD = re.compile(rb"^//[ \t]*\+build[ \t]+([^\r\n]*)", re.MULTILINE)
_PACKAGE = re.compile(rb"^[ \t]*package[ \t]", re.MULTILINE)


class Truth(NamedTuple):
    """What an expression says where no tag is set by hand."""

    value: bool | None
    """None where it depends on the machine."""
    tags: tuple[str, ...]
    """The tags that someone could set to make it true."""


def has_own_tags(data: bytes) -> bool:
    """Whether tags that someone may set decide if a file is built, whichever way."""
    head = _head(data)
    lines = (one[1] for pattern in (_NEW, _OLD) for one in pattern.finditer(head))
    words = (word for line in lines for word in _WORD.findall(line.decode("utf-8", "replace")))
    return any(not _KNOWN.fullmatch(word) for word in words)


def _head(data: bytes) -> bytes:
    """Return what is before the package clause: no line after it is a constraint."""
    head = data[:_HEAD_MAX]
    package = _PACKAGE.search(head)
    return head[: package.start()] if package else head


def left_out_by(data: bytes) -> str | None:
    """Return ``build tag NAME`` where a default build leaves a file out, else None."""
    head = _head(data)
    new = _NEW.search(head)
    if new is not None:
        truth = evaluate(new[1].decode("utf-8", "replace"))
    else:
        truth = _all([_old(one[1].decode("utf-8", "replace")) for one in _OLD.finditer(head)])
    if truth is None or truth.value is not False:
        return None
    return f"build tag {truth.tags[0] if truth.tags else 'false'}"


_HEAD_MAX = 64 * 1024


def evaluate(expression: str) -> Truth | None:
    """Return what an expression of a ``//go:build`` line says; None where it is none."""
    if len(expression) > _LENGTH_MAX:
        return None
    reader = _Reader([match[1] for match in _TOKEN.finditer(expression.partition("//")[0])])
    try:
        truth = reader.either(0)
    except _NoExpressionError:
        return None
    return truth if reader.is_done else None


class _NoExpressionError(Exception):
    """The text is no expression; Go refuses the file, and it is treated as having none."""


class _Reader:
    """A recursive descent over the tokens of an expression."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at == len(self._tokens)

    def _take(self, token: str) -> bool:
        found = not self.is_done and self._tokens[self._at] == token
        self._at += found
        return found

    def either(self, depth: int) -> Truth:
        parts = [self._both(depth)]
        while self._take("||"):
            parts.append(self._both(depth))
        return _any(parts)

    def _both(self, depth: int) -> Truth:
        parts = [self._one(depth)]
        while self._take("&&"):
            parts.append(self._one(depth))
        found = _all(parts)
        return found if found is not None else parts[0]

    def _one(self, depth: int) -> Truth:
        if self.is_done or depth > _DEPTH_MAX:
            raise _NoExpressionError
        if self._take("!"):
            return _not(self._one(depth + 1))
        if self._take("("):
            inner = self.either(depth + 1)
            if not self._take(")"):
                raise _NoExpressionError
            return inner
        token = self._tokens[self._at]
        if token in ("&&", "||", ")"):
            raise _NoExpressionError
        self._at += 1
        return _tag(token)


def _tag(name: str) -> Truth:
    if _KNOWN.fullmatch(name):
        return Truth(None, ())
    return Truth(False, (name,))


def _not(one: Truth) -> Truth:
    # What is true without a tag needs none; what is false with "!" needs one unset, never set.
    return Truth(None if one.value is None else not one.value, ())


def _any(parts: list[Truth]) -> Truth:
    values = [one.value for one in parts]
    value = True if True in values else None if None in values else False
    return Truth(value, _tags(parts))


def _all(parts: list[Truth]) -> Truth | None:
    if not parts:
        return None
    values = [one.value for one in parts]
    value = False if False in values else None if None in values else True
    return Truth(value, _tags(one for one in parts if one.value is False))


def _tags(parts: "list[Truth] | Iterator[Truth]") -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for one in parts for tag in one.tags))


def _old(line: str) -> Truth:
    """Return what a ``// +build`` line says: options are alternatives, their terms all needed."""
    options = []
    for option in line.split():
        terms = [
            _not(_tag(term[1:])) if term.startswith("!") else _tag(term)
            for term in option.split(",")
        ]
        both = _all(terms)
        if both is not None:
            options.append(both)
    return _any(options)
