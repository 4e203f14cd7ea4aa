# SPDX-License-Identifier: Apache-2.0
"""Names of classes in text that programs of the JVM read: XML, properties, lists of services."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.metadata.xml import uncommented
from coreline.boundary.text import Lines
from coreline.boundary.tokens import tokens

# Where a framework makes an object of the class that is named, and fails where there is none.
_LOADING = re.compile(r"(\bclass(Name)?|-class|\btype|\bimpl(ementation)?)\s*(=\s*[\"']|>)\s*$")
_REACH = 300
_CLASS = re.compile(rb"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+")


def extract_xml(source: Source) -> FileFacts:
    """Return the classes and paths that an XML file names outside its comments."""
    found = [_of_xml(one) for one in tokens(uncommented(source)) if _is_name(one)]
    return FileFacts(references=tuple(found))


def _of_xml(reference: Reference) -> Reference:
    is_loaded = reference.form == "string" and _LOADING.search(
        reference.text[: max(0, reference.column - 1)]
    )
    return replace(reference, form="dynamic", needed=True) if is_loaded else _mention(reference)


def extract_properties(source: Source) -> FileFacts:
    """Return the classes and paths that a file of properties names."""
    found = [
        _mention(one)
        for one in tokens(source)
        if _is_name(one) and not one.text.lstrip().startswith(("#", "!"))
    ]
    return FileFacts(references=tuple(found))


def _mention(reference: Reference) -> Reference:
    return replace(reference, form="string")


def _is_name(reference: Reference) -> bool:
    """Whether a token can only be a name: one word may mean anything."""
    return "." in reference.module or "/" in reference.module


def extract_services(source: Source) -> FileFacts:
    """Return the classes that a list of services names: ``ServiceLoader`` makes each of them."""
    return FileFacts(references=tuple(_services(source)))


def _services(source: Source) -> Iterator[Reference]:
    lines = Lines(source.data)
    done: set[int] = set()
    for start, end in source.hits:
        # No name of a class is longer: a line of megabytes is not looked at whole for each hit.
        reach = max(0, start - _REACH)
        begin = max(reach, source.data.rfind(b"\n", reach, start) + 1)
        for match in _CLASS.finditer(source.data, begin, end + _REACH):
            if match.start() <= start < match.end():
                if match.start() not in done and b"#" not in source.data[begin : match.start()]:
                    done.add(match.start())
                    yield _service(lines, match)
                break


def _service(lines: Lines, match: "re.Match[bytes]") -> Reference:
    place = lines.place(match.start())
    name = match[0].decode("utf-8", "replace")
    return Reference(place.line, place.column, "dynamic", name, text=place.text)
