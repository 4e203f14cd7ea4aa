# SPDX-License-Identifier: Apache-2.0
"""Where the server keeps what, and the few numbers that an operator may change."""

from dataclasses import dataclass
from pathlib import Path

from coreline.manifest.model import MANIFEST_NAME

HOUR_SECONDS = 3_600
DAY_SECONDS = 24 * HOUR_SECONDS


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that a server is started with.

    Attributes:
        data: the data directory; everything that must be backed up is inside.
        lease_seconds: the longest time that a seat stays taken without a heartbeat.
        setup_seconds: how long a setup link works.
        session_seconds: how long a sign-in to the console lasts.
        log_requests: write one line of JSON for each request to standard error.
    """

    data: Path
    lease_seconds: int = DAY_SECONDS
    setup_seconds: int = HOUR_SECONDS
    session_seconds: int = 12 * HOUR_SECONDS
    log_requests: bool = False

    @property
    def manifest(self) -> Path:
        """The recorded manifest."""
        return self.data / MANIFEST_NAME

    @property
    def keys(self) -> Path:
        """The folder of the license keys."""
        return self.data / "keys"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "coreline.sqlite"

    @property
    def events(self) -> Path:
        """The DuckDB file of telemetry."""
        return self.data / "events.duckdb"

    @property
    def spool(self) -> Path:
        """The folder where events are safe before they are loaded."""
        return self.data / "spool"

    @property
    def blobs(self) -> Path:
        """The folder of uploaded packages."""
        return self.data / "files"
