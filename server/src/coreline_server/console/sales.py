# SPDX-License-Identifier: Apache-2.0
"""The pages about licenses: the list, the form of a new one, one license with its seats."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from coreline.errors import CorelineError
from coreline_server.console.html import Html, Node, render, tag
from coreline_server.console.layout import (
    NOTHING,
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
    customer: Customer | None,
) -> str:
    """Return the licenses, of one status or customer where one is chosen."""
    rows: list[list[Node]] = [
        [
            tag("a", tag("code", row.id), href=f"/console/licenses/{row.id}"),
            tag("span", names.get(row.customer, row.customer), class_="long"),
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
    chosen = {"customer": customer.id} if customer else {}
    keep = tag("input", type="hidden", name="customer", value=customer.id) if customer else None
    chooser = tag(
        "form",
        keep,
        field("Status", tag("select", choices, name="status")),
        tag("button", "Show", class_="quiet"),
        class_="inline",
    )
    address = "/console/licenses/new" + ("?" + urlencode(chosen) if chosen else "")
    new = tag("a", "Issue a license", href=address, class_="button")
    kept = {**chosen, "status": status} if status else chosen
    query = urlencode(kept) + "&" if kept else ""
    whose = (
        tag("p", f"Of {customer.name}. ", tag("a", "Show all", href="/console/licenses"))
        if customer
        else None
    )
    return page(
        "Licenses",
        frame,
        whose,
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
    given: Mapping[str, str] = NOTHING,
) -> str:
    """Return the form of a new license; its key makes a second click harmless.

    Args:
        customers, editions: what can be chosen.
        given: what was chosen before, as when the form was refused.
    """
    who = [
        tag(
            "option",
            f"{row.name} ({row.id})",
            value=row.id,
            selected=row.id == given.get("customer"),
        )
        for row in customers
    ]
    what = [
        tag("option", name, value=name, selected=name == given.get("edition")) for name in editions
    ]
    form = tag(
        "form",
        secret(frame.form_token),
        tag("input", type="hidden", name="key", value=key),
        field("Customer", tag("select", who, name="customer", required=True)),
        field("Edition", tag("select", what, name="edition", required=True)),
        field(
            "Seats",
            tag(
                "input",
                name="seats",
                type="number",
                min=1,
                value=given.get("seats", "1"),
                required=True,
            ),
        ),
        field(
            "Expires",
            tag("input", name="expires", type="date", value=given.get("expires")),
            "Empty: in a year, or after the edition's trial days.",
        ),
        tag(
            "label",
            tag("input", type="checkbox", name="trial", value="true", checked="trial" in given),
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
    taken: int,
    tokens: int,
    *,
    registry_token: str | None = None,
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
        ("Registry tokens", tokens or "none"),
        ("Revoked", None if row.revoked is None else f"{day(row.revoked)} {row.reason or ''}"),
    ]
    shown = [[tag("dt", name), tag("dd", value)] for name, value in terms if value is not None]
    held: list[list[Node]] = [
        [
            tag("span", seat.name or "–", class_="long"),
            tag("code", seat.fingerprint, class_="long"),
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
        once,
        tag("div", tag("dl", shown), _actions(frame, row, tokens), class_="panel"),
        tag("h2", f"Seats taken: {taken} of {row.seats}"),
        table(
            ["Name", "Fingerprint", "Lease", "Last seen", "Lease ends"],
            held,
            "No machine has taken a seat yet.",
        ),
    )


def _actions(frame: Frame, row: LicenseView, tokens: int) -> Html:
    address = f"/console/licenses/{row.id}"
    download = tag("a", "Download license file", href=f"{address}/file", class_="button")
    token = tag(
        "form",
        secret(frame.form_token),
        tag("button", "New registry token", class_="quiet"),
        method="post",
        action=f"{address}/registry-token",
    )
    leaked = tag(
        "form",
        secret(frame.form_token),
        tag("button", "Revoke registry tokens", class_="quiet"),
        method="post",
        action=f"{address}/registry-tokens/revoke",
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
        tag(
            "label",
            tag("input", type="checkbox", required=True),
            tag("span", "For good: it cannot be undone"),
            class_="check",
        ),
        tag("button", "Revoke", class_="danger"),
        method="post",
        action=f"{address}/revoke",
        class_="inline",
    )
    rows: list[tuple[Node, ...]] = [(download, token, leaked if tokens else None)]
    if row.revoked is None:
        rows += [(renew,), (revoke,)]
    return render(tag("div", parts, class_="actions") for parts in rows)


def _left(row: LicenseView) -> str:
    return "–" if row.revoked else str(row.days_left)
