# SPDX-License-Identifier: Apache-2.0
"""The pages of the signed-in user, made from values. Reading and writing is for ``routes``."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from coreline.errors import CorelineError
from coreline_server.auth.model import ApiToken, AuditEntry
from coreline_server.console.html import Html, Node, tag
from coreline_server.console.layout import (
    Frame,
    badge,
    field,
    more,
    notice,
    page,
    secret,
    shown_once,
    table,
)
from coreline_server.console.model import Package, Stage
from coreline_server.licensing.model import (
    STATUSES,
    ActivationView,
    Customer,
    LicenseView,
    Page,
    Status,
)
from coreline_server.licensing.rules import moment


def overview(frame: Frame, counts: Mapping[str, tuple[str, str]], stages: Sequence[Stage]) -> str:
    """Return the first page.

    Args:
        counts: a number and an address for each tile, by its words.
        stages: the funnel.
    """
    tiles = [
        tag("a", tag("b", number), tag("span", words), href=address, class_="tile")
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
) -> str:
    """Return the customers and the form of a new one."""
    rows: list[list[Node]] = [
        [
            tag("a", row.name, href=f"/console/licenses?customer={row.id}"),
            row.email,
            row.segment or "–",
            tag("code", row.id),
            _day(row.created),
        ]
        for row in found.items
    ]
    options = [
        tag("option", "–", value=""),
        *(tag("option", name, value=name) for name in segments),
    ]
    form = tag(
        "form",
        secret(frame.form_token),
        field("Name", tag("input", name="name", required=True, maxlength=200)),
        field("E-mail", tag("input", name="email", type="email", required=True, maxlength=254)),
        field("Segment", tag("select", options, name="segment")),
        tag("button", "Add customer"),
        method="post",
        action="/console/customers",
        class_="inline panel",
    )
    return page(
        "Customers",
        frame,
        _refused(refused),
        form,
        tag("h2", "Newest first"),
        table(["Name", "E-mail", "Segment", "Id", "Since"], rows, "No customers yet."),
        more("/console/customers?", found.next),
    )


def licenses(
    frame: Frame,
    found: Page[LicenseView],
    names: Mapping[str, str],
    status: Status | None,
    customer: str | None,
) -> str:
    """Return the licenses, of one status or customer where one is chosen."""
    rows: list[list[Node]] = [
        [
            tag("a", tag("code", row.id), href=f"/console/licenses/{row.id}"),
            names.get(row.customer, row.customer),
            row.edition,
            row.seats,
            badge(row.status),
            _left(row),
            _day(row.expires),
        ]
        for row in found.items
    ]
    choices = [tag("option", "all", value="")]
    choices += [tag("option", s, value=s, selected=s == status) for s in STATUSES]
    keep = tag("input", type="hidden", name="customer", value=customer) if customer else None
    chooser = tag(
        "form",
        keep,
        field("Status", tag("select", choices, name="status")),
        tag("button", "Show", class_="quiet"),
        class_="inline",
    )
    new = tag("a", "Issue a license", href="/console/licenses/new", class_="button")
    query = "".join(
        f"{name}={value}&" for name, value in (("status", status), ("customer", customer)) if value
    )
    return page(
        "Licenses",
        frame,
        tag("div", chooser, new, class_="head"),
        table(
            ["Id", "Customer", "Edition", "Seats", "Status", "Days left", "Expires"],
            rows,
            "No licenses here.",
        ),
        more(f"/console/licenses?{query}", found.next),
    )


def issue_form(
    frame: Frame,
    customers: Sequence[Customer],
    editions: Iterable[str],
    key: str,
    refused: CorelineError | None = None,
) -> str:
    """Return the form of a new license; its key makes a second click harmless."""
    who = [tag("option", f"{row.name} ({row.id})", value=row.id) for row in customers]
    what = [tag("option", name, value=name) for name in editions]
    form = tag(
        "form",
        secret(frame.form_token),
        tag("input", type="hidden", name="key", value=key),
        field("Customer", tag("select", who, name="customer", required=True)),
        field("Edition", tag("select", what, name="edition", required=True)),
        field("Seats", tag("input", name="seats", type="number", min=1, value=1, required=True)),
        field(
            "Expires",
            tag("input", name="expires", type="date"),
            "Empty: in a year, or after the edition's trial days.",
        ),
        tag(
            "label",
            tag("input", type="checkbox", name="trial", value="true"),
            tag("span", "A trial"),
            class_="check",
        ),
        tag("div", tag("button", "Issue")),
        method="post",
        action="/console/licenses/new",
        class_="stack panel",
    )
    return page("Issue a license", frame, _refused(refused), form)


def license_(
    frame: Frame,
    row: LicenseView,
    customer: Customer,
    seats: Page[ActivationView],
    *,
    registry_token: str | None = None,
    refused: CorelineError | None = None,
) -> str:
    """Return one license: what it is, its seats, and what can be done with it."""
    terms: list[tuple[str, Node]] = [
        ("Customer", customer.name),
        ("Edition", row.edition),
        ("Features", ", ".join(row.features) or "–"),
        ("Status", badge(row.status)),
        ("Days left", _left(row)),
        ("Term", f"{_day(row.starts)} to {_day(row.expires)}"),
        ("Grace until", _day(row.grace_until)),
        ("Revoked", None if row.revoked is None else f"{_day(row.revoked)} {row.reason or ''}"),
    ]
    shown = [[tag("dt", name), tag("dd", value)] for name, value in terms if value is not None]
    held: list[list[Node]] = [
        [
            seat.name or "–",
            tag("code", seat.fingerprint),
            badge("live" if seat.live else "lapsed"),
            _minute(seat.seen),
            _minute(seat.expires),
        ]
        for seat in seats.items
    ]
    once = shown_once("Registry token for pip and uv", registry_token) if registry_token else None
    return page(
        row.id,
        frame,
        _refused(refused),
        once,
        tag("div", tag("dl", shown), _actions(frame, row), class_="panel"),
        tag("h2", f"Seats taken: {sum(seat.live for seat in seats.items)} of {row.seats}"),
        table(
            ["Name", "Fingerprint", "Lease", "Last seen", "Lease ends"],
            held,
            "No machine has taken a seat yet.",
        ),
    )


def _actions(frame: Frame, row: LicenseView) -> Html:
    address = f"/console/licenses/{row.id}"
    download = tag("a", "Download license file", href=f"{address}/file", class_="button")
    token = tag(
        "form",
        secret(frame.form_token),
        tag("button", "New registry token", class_="quiet"),
        method="post",
        action=f"{address}/registry-token",
    )
    revoke = tag(
        "form",
        secret(frame.form_token),
        tag("input", name="reason", placeholder="Reason", aria_label="Reason", maxlength=500),
        tag("button", "Revoke", class_="danger"),
        method="post",
        action=f"{address}/revoke",
        class_="inline",
    )
    return tag("div", download, token, revoke if row.revoked is None else None, class_="actions")


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
            row.name,
            row.scope,
            tag("code", row.id),
            _day(row.created),
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
        _refused(refused),
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
        [row.sequence, _minute(moment(row.at)), row.who, row.what, tag("code", row.subject)]
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
    return page("This did not work", frame, _refused(error))


def _refused(error: CorelineError | None) -> Html | None:
    if error is None:
        return None
    return notice("bad", tag("strong", error.sentence), tag("small", error.hint))


def _left(row: LicenseView) -> str:
    return "–" if row.revoked else str(row.days_left)


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
