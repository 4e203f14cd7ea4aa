# SPDX-License-Identifier: Apache-2.0
"""The frame of every page, and the few parts that pages are made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from coreline.errors import CorelineError
from coreline_server.console.html import Html, Node, tag

MENU = (
    ("/console", "Overview"),
    ("/console/customers", "Customers"),
    ("/console/licenses", "Licenses"),
    ("/console/packages", "Packages"),
    ("/console/tokens", "Tokens"),
    ("/console/audit", "Audit"),
)


# What a form was given before it was refused: nothing, when it is fresh.
NOTHING: Mapping[str, str] = MappingProxyType({})


class Frame(NamedTuple):
    """What the frame of a signed-in page needs: the product's name, the form token, the place."""

    product: str
    form_token: str
    here: str


def page(title: str, frame: Frame, *content: Node) -> str:
    """Return a page for the signed-in user."""
    items = [
        tag("a", text, href=address, aria_current="page" if address == frame.here else None)
        for address, text in MENU
    ]
    leave = tag(
        "form",
        secret(frame.form_token),
        tag("button", "Sign out", class_="quiet"),
        method="post",
        action="/console/sign-out",
    )
    return _document(
        f"{title} · {frame.product}",
        tag("header", mark(frame.product), tag("nav", items), leave),
        tag("main", tag("h1", title), content),
    )


def narrow(title: str, *content: Node) -> str:
    """Return a page for someone who is not signed in."""
    return _document(title, tag("main", mark("coreline"), tag("h1", title), content, class_="card"))


def mark(product: str) -> Html:
    """Return the mark: a core, and the line around it."""
    ring = tag("circle", cx="12", cy="12", r="10", class_="ring")
    core = tag("circle", cx="12", cy="12", r="5", class_="core")
    drawing = tag(
        "svg", ring, core, viewBox="0 0 24 24", width="22", height="22", aria_hidden="true"
    )
    return tag("a", drawing, tag("span", product), href="/console", class_="mark")


def _document(title: str, *body: Node) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("link", rel="stylesheet", href="/console/style.css"),
        tag("link", rel="icon", href="/console/icon.svg", type="image/svg+xml"),
    )
    return "<!doctype html>" + tag("html", head, tag("body", body), lang="en")


def secret(form_token: str) -> Html:
    """Return the hidden field that binds a form to the session."""
    return tag("input", type="hidden", name="form_token", value=form_token)


def table(heads: Sequence[str], rows: Sequence[Sequence[Node]], empty: str) -> Html:
    """Return a table, or a sentence where there are no rows."""
    if not rows:
        return tag("p", empty, class_="empty")
    head = tag("tr", [tag("th", text, scope="col") for text in heads])
    body = [tag("tr", [tag("td", cell) for cell in row]) for row in rows]
    return tag("div", tag("table", tag("thead", head), tag("tbody", body)), class_="table")


def field(label: str, control: Html, hint: str = "") -> Html:
    """Return a labeled control."""
    return tag("label", tag("span", label), control, tag("small", hint) if hint else None)


def notice(kind: str, *content: Node) -> Html:
    """Return a box that says what happened; ``kind`` is ``good`` or ``bad``."""
    return tag("div", content, class_=f"notice {kind}", role="status")


def shown_once(what: str, value: str) -> Html:
    """Return the box of a secret that is shown once."""
    return notice(
        "good",
        tag("strong", what),
        tag("code", value, class_="secret"),
        tag("small", "Copy it now. Only its hash is kept, so it cannot be shown again."),
    )


def badge(status: str) -> Html:
    """Return a status as a colored word."""
    return tag("span", status, class_=f"badge {status}")


def more(address: str, cursor: str | None) -> Html | None:
    """Return the link to the next page, if there is one."""
    if cursor is None:
        return None
    return tag("p", tag("a", "Older", href=f"{address}cursor={cursor}", rel="next"))


def refusal(error: CorelineError | None) -> Html | None:
    """Return the box of an error, if there is one."""
    if error is None:
        return None
    return notice("bad", tag("strong", error.sentence), tag("small", error.hint))


def day(at: datetime) -> str:
    """Return a day, UTC."""
    return at.date().isoformat()


def minute(at: datetime) -> str:
    """Return a minute, UTC."""
    return at.strftime("%Y-%m-%d %H:%M")
