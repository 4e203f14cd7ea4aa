# SPDX-License-Identifier: Apache-2.0
"""Secrets in what is new, found by the patterns of detect-secrets.

Only its patterns of known forms are used: entropy and key words find what only may be a secret,
too often to refuse by. A cheap look at the bytes comes first, so that the scanner is not even
imported where nothing can be found. What was found is never said, only its kind and its place.
"""

import importlib
import importlib.util
import inspect
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

_PACKAGE = "detect_secrets"
# These guess (entropy, key words), find what is no secret (addresses), or are no scanners.
_UNUSED = frozenset(["__init__", "base", "high_entropy_strings", "keyword", "ip_public"])
# What names a key, and what assigns it.
_KEYED = rb"(?i:key|pwd|pw|pass|password|token)[\"'\]]{0,2} *(?:[=:]|::|=>| )[>=]? *[\"']?[\w-]{24}"
_WORDS = (b"key", b"pw", b"pass", b"token")
# What must be there for a plugin to find anything: one of the words, whatever their case, and the
# pattern. A plugin that is not listed is asked about every line.
_HINTS: dict[str, tuple[tuple[bytes, ...], bytes]] = {
    "artifactory": ((b"akc", b"ap"), rb"AKC[a-zA-Z0-9]{10}|AP[\dA-F][a-zA-Z0-9]{8}"),
    "aws": (
        (b"a3t", b"abia", b"acca", b"akia", b"asia", b"aws"),
        rb"A(?:3T|BIA|CCA|KIA|SIA)[0-9A-Z]{16}|(?i:aws).*[\"'][0-9a-zA-Z/+]{40}[\"']",
    ),
    "azure_storage_key": ((b"accountkey=",), rb"AccountKey="),
    "basic_auth": ((b"://",), rb"://[^\s:/?#\[\]@]+:[^\s:/?#\[\]@]+@"),
    "cloudant": (_WORDS, rb"(?i:cl|cloudant).*" + _KEYED + rb"|(?i:cloudant\.com)"),
    "discord": ((b".",), rb"[MNO][a-zA-Z\d_-]{23,25}\.[a-zA-Z\d_-]{6}\."),
    "github_token": ((b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"), rb"gh[pousr]_\w{36}"),
    "gitlab_token": ((b"gl", b"gr13"), rb"gl(?:[a-z]{2}t|soat|cbt|imt|agent|oas)-|GR1348941"),
    "ibm_cloud_iam": (_WORDS, _KEYED),
    "ibm_cos_hmac": ((b"secret",), _KEYED),
    "jwt": ((b"eyj",), rb"eyJ[A-Za-z0-9_=-]+\."),
    "mailchimp": ((b"-us",), rb"-us[0-9]"),
    "npm": ((b":_authtoken=",), rb":_authToken="),
    "openai": ((b"t3blbkfj",), rb"T3BlbkFJ"),
    "private_key": ((b"private key", b"putty-user"), rb"PRIVATE KEY|PuTTY-User-Key-File-2"),
    "pypi_token": ((b"pypi-ag",), rb"pypi-Ag"),
    "sendgrid": ((b"sg.",), rb"SG\.[a-zA-Z0-9_-]{22}\."),
    "slack": ((b"xox", b"hooks.slack"), rb"(?i:xox[abposr]-\d|hooks\.slack\.com/services/T)"),
    "softlayer": (
        (b"sl", b"softlayer"),
        rb"(?i:sl|layer).*" + _KEYED + rb"|(?i:api.softlayer)",
    ),
    "square_oauth": ((b"sq0csp-",), rb"sq0csp-"),
    "stripe": ((b"k_live_",), rb"[rs]k_live_"),
    "telegram_token": ((b":",), rb"\d{8}:[\w-]{35}"),
    "twilio": ((b"ac", b"sk"), rb"(?:AC|SK)[a-z0-9]{32}"),
}
# All that these find is, or stands beside, a word of at least so many letters, digits, _ and -.
_LONG = frozenset(["cloudant", "discord", "github_token", "ibm_cloud_iam", "ibm_cos_hmac"])
_LONG |= {"mailchimp", "softlayer", "telegram_token", "twilio"}
_RUN = b"a" * 24
_WORD_OR_NOT = bytes(
    97 if bytes([i]).isalnum() or bytes([i]) in (b"_", b"-") else 32 for i in range(256)
)
# Lines beyond this are data that was squeezed into one; only their beginning is looked at.
_LINE_MAX = 20_000


class Found(NamedTuple):
    """A secret: in which line (1 is the first), and of what kind."""

    line: int
    kind: str


def is_installed() -> bool:
    """Whether detect-secrets is there; it is an extra of this package."""
    return importlib.util.find_spec(_PACKAGE) is not None


class Secrets:
    """Looks for secrets.

    Raises:
        ImportError: detect-secrets is not installed.
    """

    def __init__(self) -> None:
        spec = importlib.util.find_spec(_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise ImportError(_PACKAGE)
        # Listed and not imported: it brings a client of the web along.
        folder = Path(next(iter(spec.submodule_search_locations))) / "plugins"
        names = {path.stem for path in folder.glob("*.py")}
        self._plugins = sorted(names - _UNUSED)
        self._unknown = [name for name in self._plugins if name not in _HINTS]

    def likely(self, data: bytes) -> list[str]:
        """Return the plugins that may find something in a text. Quick, and never misses one."""
        whole = (data, data.lower())
        some = _long_lines(data)
        long = (some, some.lower())
        found = list[str]()
        for name in self._plugins:
            if name in _HINTS:
                text, low = long if name in _LONG else whole
                if any(word in low for word in _HINTS[name][0]) and _pattern(name).search(text):
                    found.append(name)
        return found + self._unknown

    def find(self, data: bytes, path: str) -> list[Found]:
        """Return the secrets of a text.

        Args:
            data: the text.
            path: where it lies: the form of a comment that allows a line depends on it.
        """
        plugins = self.likely(data)
        if not plugins:
            return []
        lines = data.split(b"\n")
        found: list[Found] = []
        for index, names in sorted(_hit_lines(data, lines, plugins).items()):
            text = lines[index][:_LINE_MAX].decode("utf-8", "replace")
            kinds = list(dict.fromkeys(kind for name in names for kind in _kinds(name, text)))
            if kinds:
                before = lines[index - 1].decode("utf-8", "replace") if index else ""
                if not _is_allowed(path, text, before):
                    found += (Found(index + 1, kind) for kind in kinds)
        return found


def _long_lines(data: bytes) -> bytes:
    """Return the lines that hold a word as long as most secrets are: few of any text."""
    runs = data.translate(_WORD_OR_NOT)
    rows: list[bytes] = []
    at = runs.find(_RUN)
    while at >= 0:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        rows.append(data[data.rfind(b"\n", 0, at) + 1 : end])
        at = runs.find(_RUN, end)
    return b"\n".join(rows)


def _hit_lines(data: bytes, lines: list[bytes], plugins: list[str]) -> dict[int, list[str]]:
    """Return the lines, by index, in which some plugins may find something."""
    starts = [0, *accumulate(len(row) + 1 for row in lines)]
    hits: dict[int, list[str]] = {}
    for name in plugins:
        if name not in _HINTS:
            for index in range(len(lines)):
                hits.setdefault(index, []).append(name)
            continue
        for match in _pattern(name).finditer(data):
            names = hits.setdefault(bisect_right(starts, match.start()) - 1, [])
            if name not in names:
                names.append(name)
    return hits


def is_text(data: bytes) -> bool:
    """Whether a content is text, as git decides it: no NUL where it begins."""
    return b"\0" not in data[:8000]


def _kinds(plugin: str, text: str) -> Iterator[str]:
    for kind, analyze in _scanners(plugin):
        if any(not _is_placeholder(one) for one in analyze(text)):
            yield kind


@cache
def _pattern(name: str) -> re.Pattern[bytes]:
    """Return the pattern of a hint. Few are asked for where little is new, and each takes time."""
    return re.compile(_HINTS[name][1])


@cache
def _scanners(name: str) -> list[tuple[str, Callable[[str], Iterable[str]]]]:
    """Return the kinds and scanners of a plugin."""
    from detect_secrets.plugins.base import RegexBasedDetector

    module = importlib.import_module(f"{_PACKAGE}.plugins.{name}")
    classes = [
        one
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, RegexBasedDetector) and one.__module__ == module.__name__
    ]
    return [(str(one.secret_type), one().analyze_string) for one in classes]


def _is_allowed(path: str, text: str, before: str) -> bool:
    """Whether a comment of detect-secrets' own allows a line."""
    from detect_secrets.filters.allowlist import is_line_allowlisted
    from detect_secrets.util.code_snippet import CodeSnippet

    return is_line_allowlisted(path, text, CodeSnippet([before, text], 0, 1))


def _is_placeholder(secret: str) -> bool:
    """Whether what stands there is put in later, or is one letter again and again."""
    bare = secret.strip("\"'")
    return len(set(bare)) < 3 or bool(re.search(r"^[<\[{$%(*]|\$\{|\{\{|%\(|\*\*\*", bare))
