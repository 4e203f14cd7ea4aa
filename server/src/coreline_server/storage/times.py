# SPDX-License-Identifier: Apache-2.0
"""Times as they are kept (whole seconds since 1970, UTC) and as they are used (datetime, UTC)."""

from datetime import UTC, datetime


def seconds(moment: datetime) -> int:
    """Return whole seconds since 1970."""
    return int(moment.timestamp())


def moment(at: int) -> datetime:
    """Return the time in UTC."""
    return datetime.fromtimestamp(at, UTC)


def moment_or_none(at: int | None) -> datetime | None:
    """Return the time in UTC, if there is one."""
    return None if at is None else moment(at)
