# SPDX-License-Identifier: Apache-2.0
"""HTML that is escaped by construction: only what ``tag`` made is taken as HTML.

There is no way to put text into a page unescaped, so there is none to forget.
"""

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

# HTML Living Standard, section 13.1.2: elements without an end tag.
VOID = frozenset({"input", "link", "meta", "br", "hr"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Node: TypeAlias = "Html | str | int | Iterable[Node] | None"


def render(*nodes: Node) -> Html:
    """Join nodes. Text and numbers are escaped, None is nothing."""
    return Html("".join(_one(node) for node in nodes))


def _one(node: Node) -> str:
    if node is None:
        return ""
    if isinstance(node, Html):
        return node
    if isinstance(node, str | int):
        return escape(str(node))
    return render(*node)


def tag(element: str, /, *children: Node, **attributes: str | int | bool | None) -> Html:
    """Make an element.

    Args:
        element: its name.
        children: in order.
        attributes: ``class_`` and ``for_`` for words of Python, ``_`` for ``-``; True for an
            attribute without a value, None and False for none.
    """
    written = "".join(
        f" {_attribute(key)}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    start = f"<{element}{written}>"
    return Html(start if element in VOID else f"{start}{render(*children)}</{element}>")


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
