# SPDX-License-Identifier: Apache-2.0
"""The pages about licenses: the list, the form of a new one, one license with its seats."""

from collections.abc import Iterable, Mapping, Sequence

from coreline.errors import CorelineError
from coreline_server.console.html import Html, Node, tag
from coreline_server.console.layout import (
    Frame,
    badge,
    day,
    field,
    minute,
    more,
    page,
    refusal,
    secret,
    shown_once,
    table,
)
from coreline_server.licensing.model import (
    STATUSES,
    ActivationView,
    Customer,
    LicenseView,
    Page,
    Status,
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
            day(row.expires),
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
    return page("Issue a license", frame, refusal(refused), form)


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
        ("Term", f"{day(row.starts)} to {day(row.expires)}"),
        ("Grace until", day(row.grace_until)),
        ("Revoked", None if row.revoked is None else f"{day(row.revoked)} {row.reason or ''}"),
    ]
    shown = [[tag("dt", name), tag("dd", value)] for name, value in terms if value is not None]
    held: list[list[Node]] = [
        [
            seat.name or "–",
            tag("code", seat.fingerprint),
            badge("live" if seat.live else "lapsed"),
            minute(seat.seen),
            minute(seat.expires),
        ]
        for seat in seats.items
    ]
    once = shown_once("Registry token for pip and uv", registry_token) if registry_token else None
    return page(
        row.id,
        frame,
        refusal(refused),
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
    renew = tag(
        "form",
        secret(frame.form_token),
        field("Until", tag("input", name="expires", type="date", required=True)),
        tag("button", "Renew", class_="quiet"),
        method="post",
        action=f"{address}/renew",
        class_="inline",
    )
    revoke = tag(
        "form",
        secret(frame.form_token),
        field("Reason", tag("input", name="reason", maxlength=500)),
        tag("button", "Revoke", class_="danger"),
        method="post",
        action=f"{address}/revoke",
        class_="inline",
    )
    living = (renew, revoke) if row.revoked is None else None
    return tag("div", download, token, living, class_="actions")


def _left(row: LicenseView) -> str:
    return "–" if row.revoked else str(row.days_left)
