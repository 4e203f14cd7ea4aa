# SPDX-License-Identifier: Apache-2.0
"""The chart of the line through time, for a page that shows a report."""

from typing import TYPE_CHECKING

from coreline.cli.checking.options import Options
from coreline.cli.context import Context
from coreline.errors import CorelineError

if TYPE_CHECKING:
    from coreline.boundary.model import Report


def with_drift(ctx: Context, options: Options, report: "Report") -> "Report":
    """Return a report with the chart in it; why there is none becomes a note.

    The history is read from the cache; the first time, every commit is looked at.
    """
    from msgspec.structs import replace

    from coreline.boundary.history.run import history_of
    from coreline.boundary.history.svg import to_svg
    from coreline.cli.progress import progress

    try:
        with progress() as tell:
            found = history_of(
                ctx.folder,
                options.at or "HEAD",
                ctx.manifest(),
                own=False,
                cached=options.cached,
                progress=tell,
            )
    except CorelineError as error:
        return replace(report, notes=(*report.notes, f"No drift chart: {error.sentence}"))
    return replace(report, drift_svg=to_svg(found))
