# SPDX-License-Identifier: Apache-2.0
"""``GET /v1/funnel``: the report, up to date with the last event that was acknowledged."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.types import Guard

from coreline.errors import InputError
from coreline.manifest.model import Manifest
from coreline_server.funnel.model import By, FunnelReport
from coreline_server.funnel.reports import report
from coreline_server.funnel.store import FunnelStore

WINDOW_DAYS = 14
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_MOMENT = "A date (its midnight, UTC) or an RFC 3339 time with a zone."


def routes(
    store: FunnelStore,
    manifest: Manifest,
    *,
    clock: Callable[[], datetime],
    refresh: Callable[[], object],
    admin: Guard,
) -> list[Router]:
    """Return the routes of this subject.

    Args:
        store: counts.
        manifest: names the segments and the features.
        clock: the time, in UTC.
        refresh: loads what was acknowledged and is not in the store yet; may take a moment.
        admin: lets only the vendor pass.
    """

    @get("/v1/funnel", summary="Read the funnel by segment or feature")
    async def read_funnel(
        by: Annotated[By, QueryParameter(description="What a row is.")] = "segment",
        since: Annotated[str | None, QueryParameter(description=f"From. {_MOMENT}")] = None,
        until: Annotated[
            str | None, QueryParameter(description=f"To, exclusive. {_MOMENT}")
        ] = None,
        window_days: Annotated[
            float,
            QueryParameter(gt=0, le=3660, description="The most days from one stage to the next."),
        ] = WINDOW_DAYS,
    ) -> FunnelReport:
        """Count the installs that reached each stage. Without dates: all that is kept.

        Downloads are counted and not followed. See the page "Read the funnel" for the rules.
        """
        first = _moment(since, "since") if since else _FIRST
        # Clocks of installs run ahead; without an end, what they sent already counts.
        last = _moment(until, "until") if until else clock() + timedelta(days=1)
        if last < first:
            raise InputError("period-empty", "`until` is before `since`.", "Swap the two.")

        def answer() -> FunnelReport:
            refresh()
            window = timedelta(days=window_days)
            return report(store, manifest, by=by, since=first, until=last, window=window)

        return await asyncio.to_thread(answer)

    return [
        Router(
            path="/",
            route_handlers=[read_funnel],
            guards=[admin],
            security=[{"apiToken": []}],
            tags=["funnel"],
        )
    ]


def _moment(text: str, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_moment(text, name) from error
    if len(text) == len("2026-01-01"):
        return datetime.combine(at.date(), time(), UTC)
    if at.tzinfo is None:
        # Without a zone it would mean another moment on each machine.
        raise _no_moment(text, name)
    return at.astimezone(UTC)


def _no_moment(text: str, name: str) -> InputError:
    return InputError(
        "moment-invalid",
        f"`{name}` is {text!r}, which is no date and no time with a zone.",
        "Write it as 2026-01-31 or as 2026-01-31T12:00:00Z.",
    )
