# SPDX-License-Identifier: Apache-2.0
"""The pages of the signed-in user, made from values. Reading and writing is for ``routes``."""

from collections.abc import Iterable, Mapping, Sequence

from coreline.errors import CorelineError
from coreline_server.auth.model import ApiToken, AuditEntry
from coreline_server.console.html import Html, Node, tag
from coreline_server.console.layout import (
    NOTHING,
    Frame,
    badge,
    day,
    field,
    minute,
    more,
    notice,
    page,
    refusal,
    secret,
    shown_once,
    table,
)
from coreline_server.console.model import Package, Stage
from coreline_server.licensing.model import Customer, Page
from coreline_server.licensing.rules import moment


def overview(frame: Frame, counts: Mapping[str, tuple[int, str]], stages: Sequence[Stage]) -> str:
    """Return the first page.

    Args:
        counts: a number and an address for each tile, by its words.
        stages: the funnel.
    """
    tiles = [
        tag("a", tag("b", f"{number:,}"), tag("span", words), href=address, class_="tile")
        for words, (number, address) in counts.items()
    ]
    return page(
        "Overview",
        frame,
        tag("div", tiles, class_="tiles"),
        tag("h2", "From download to renewal, last 90 days"),
        _funnel(stages),
    )


def _funnel(stages: Sequence[Stage]) -> Html:
    widest = max((stage.reached for stage in stages), default=0)
    if not widest:
        return tag(
            "p", "No events yet. Products send them when their users opt in.", class_="empty"
        )
    rows: list[Node] = []
    for stage in stages:
        track = tag("rect", width="100%", height="18", rx="4", class_="track")
        bar = tag("rect", width=f"{100 * stage.reached / widest:.2f}%", height="18", rx="4")
        share = "" if stage.step is None else f"{100 * stage.step:.1f} %"
        rows += [
            tag("span", stage.name),
            tag("svg", track, bar, aria_hidden="true"),
            tag("span", f"{stage.reached:,}", class_="count"),
            tag("span", share, class_="share"),
        ]
    return tag("div", tag("div", rows, class_="funnel"), class_="panel")


def customers(
    frame: Frame,
    found: Page[Customer],
    segments: Iterable[str],
    refused: CorelineError | None = None,
    given: Mapping[str, str] = NOTHING,
) -> str:
    """Return the customers and the form of a new one, with what was given when it was refused."""
    rows: list[list[Node]] = [
        [
            tag("a", row.name, href=f"/console/licenses?customer={row.id}", class_="long"),
            tag("span", row.email, class_="long"),
            row.segment or "–",
            tag("code", row.id),
            day(row.created),
        ]
        for row in found.items
    ]
    options = [
        tag("option", "–", value=""),
        *(
            tag("option", name, value=name, selected=name == given.get("segment"))
            for name in segments
        ),
    ]
    form = tag(
        "form",
        secret(frame.form_token),
        field(
            "Name",
            tag("input", name="name", required=True, maxlength=200, value=given.get("name")),
        ),
        field(
            "E-mail",
            tag(
                "input",
                name="email",
                type="email",
                required=True,
                maxlength=254,
                value=given.get("email"),
            ),
        ),
        field("Segment", tag("select", options, name="segment")),
        tag("button", "Add customer"),
        method="post",
        action="/console/customers",
        class_="inline panel",
    )
    return page(
        "Customers",
        frame,
        refusal(refused),
        form,
        tag("h2", "Newest first"),
        table(["Name", "E-mail", "Segment", "Id", "Since"], rows, "No customers yet."),
        more("/console/customers?", found.next),
    )


def packages(frame: Frame, found: Sequence[Package]) -> str:
    """Return the packages that the manifest names."""
    rows: list[list[Node]] = [
        [
            row.name,
            badge("wrap" if row.wrap else "core"),
            row.wrap or "everyone",
            row.latest or "–",
            row.files,
            f"{row.size / 1024:,.0f} KiB" if row.size else "–",
        ]
        for row in found
    ]
    hint = "Upload with twine or uv to /upload/, user __token__, an API token as the password."
    return page(
        "Packages",
        frame,
        table(
            ["Name", "Side", "For", "Latest", "Files", "Size"],
            rows,
            "The manifest names no packages.",
        ),
        tag("p", tag("small", hint)),
    )


def tokens(
    frame: Frame,
    found: Sequence[ApiToken],
    issued: str | None = None,
    refused: CorelineError | None = None,
) -> str:
    """Return the API tokens and the form of a new one."""
    rows: list[list[Node]] = [
        [
            tag("span", row.name, class_="long"),
            row.scope,
            tag("code", row.id),
            day(row.created),
            badge("revoked") if row.revoked else _revoke_token(frame, row),
        ]
        for row in found
    ]
    scopes = [
        tag("option", "upload: packages only", value="upload"),
        tag("option", "admin: everything", value="admin"),
    ]
    form = tag(
        "form",
        secret(frame.form_token),
        field("Name", tag("input", name="name", required=True, maxlength=100)),
        field("Scope", tag("select", scopes, name="scope")),
        tag("button", "New token"),
        method="post",
        action="/console/tokens",
        class_="inline panel",
    )
    return page(
        "Tokens",
        frame,
        refusal(refused),
        shown_once("API token", issued) if issued else None,
        form,
        tag("h2", "Newest first"),
        table(["Name", "Scope", "Id", "Since", ""], rows, "No API tokens yet."),
    )


def _revoke_token(frame: Frame, row: ApiToken) -> Html:
    return tag(
        "form",
        secret(frame.form_token),
        tag("button", "Revoke", class_="quiet"),
        method="post",
        action=f"/console/tokens/{row.id}/revoke",
    )


def audit(frame: Frame, found: Sequence[AuditEntry], broken_at: int | None) -> str:
    """Return the newest entries of the audit log, and whether its chain is whole."""
    rows: list[list[Node]] = [
        [
            row.sequence,
            minute(moment(row.at)),
            tag("span", row.who, class_="long"),
            row.what,
            tag("code", row.subject),
        ]
        for row in found
    ]
    verdict = (
        notice("good", "The chain of hashes is whole.")
        if broken_at is None
        else notice("bad", f"The chain is broken at entry {broken_at}: the log was changed.")
    )
    return page(
        "Audit",
        frame,
        verdict,
        table(["#", "When", "Who", "What", "Subject"], rows, "Nothing happened yet."),
    )


def failure(frame: Frame, error: CorelineError) -> str:
    """Return the page of an error."""
    return page("This did not work", frame, refusal(error))
