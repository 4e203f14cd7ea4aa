# SPDX-License-Identifier: Apache-2.0
"""The Ruby code of templates, at its own offsets, so that it is read as any other Ruby is."""

import re

_CODE_LINE = re.compile(
    rb"^[ \t]*(?:[-=~!&]+|[%.#\w][\w.#-]*(?:\([^\n)]*\)|\{[^\n}]*\})?[=!&]+)(.*)$"
)
_INSIDE = re.compile(rb"#\{([^}\n]{0,500})\}")
_NOT_NEWLINE = re.compile(rb"[^\n]")


def erb_code(data: bytes) -> bytes:
    """Return the code between ``<%`` and ``%>``; all else is blank, and offsets stay the same."""
    blank = bytearray(_NOT_NEWLINE.sub(b" ", data))
    at = data.find(b"<%")
    while at >= 0:
        start, end = at + 2, data.find(b"%>", at + 2)
        if end < 0:
            break
        at = data.find(b"<%", end + 2)
        code = data[start : end - data.startswith(b"-", end - 1)]
        # A comment, or a tag that is shown as it is.
        if code[:1] in (b"#", b"%"):
            continue
        mark = len(code) - len(code.lstrip(b"=-"))
        blank[start + mark : start + len(code)] = code[mark:]
        # The end of a tag ends a statement.
        blank[end : end + 1] = b";"
    return bytes(blank)


def haml_code(data: bytes) -> bytes:
    """Return the code of a template of HAML or Slim, a statement a line, without its blocks.

    What is nested by indentation is not put into Ruby's blocks: conditions around a line are not
    seen.
    """
    lines = []
    for line in data.split(b"\n"):
        blank = bytearray(b" " * len(line))
        code = _CODE_LINE.match(line)
        for start, end in [code.span(1)] if code else [m.span(1) for m in _INSIDE.finditer(line)]:
            blank[start:end] = line[start:end]
            if end < len(blank):
                blank[end : end + 1] = b";"
        lines.append(bytes(blank))
    return b"\n".join(lines)
