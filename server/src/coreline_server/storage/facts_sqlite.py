# SPDX-License-Identifier: Apache-2.0
"""What licensing knows and the funnel asks for, read from the tables that are true anyway.

Nothing has to be told twice: a term of a license is a trial, a purchase or a renewal, and an
activation links an install to a license. The ids are made from the rows, so a fact counts once.
"""

from collections.abc import Iterator, Mapping

from coreline_server.storage.database import Database
from coreline_server.telemetry.model import Stored

_TERMS = """
    SELECT t.license_id, t.number, t.trial, t.issued_at, l.edition, c.segment,
        EXISTS (
            SELECT 1 FROM license_terms p
            WHERE p.license_id = t.license_id AND p.number < t.number AND NOT p.trial
        )
    FROM license_terms t
    JOIN licenses l ON l.id = t.license_id
    JOIN customers c ON c.id = l.customer_id
    WHERE t.issued_at >= ?
    ORDER BY t.issued_at, t.license_id, t.number
"""
_ACTIVATIONS = """
    SELECT id, license_id, fingerprint, created_at FROM activations
    WHERE created_at >= ? ORDER BY created_at, id
"""


class SqliteFacts:
    """Implements ``telemetry.store.Facts``.

    Args:
        database: the server's database.
        edition_segments: the segment that each edition is for, from the manifest.
    """

    def __init__(self, database: Database, edition_segments: Mapping[str, str | None]) -> None:
        self._database = database
        self._edition_segments = edition_segments

    def facts(self, since: int) -> Iterator[Stored]:
        """Return what happened at or after a time (seconds since 1970)."""
        with self._database.read() as connection:
            terms = connection.execute(_TERMS, (since,)).fetchall()
            activations = connection.execute(_ACTIVATIONS, (since,)).fetchall()
        for license_id, number, trial, issued_at, edition, segment, bought_before in terms:
            yield Stored(
                id=f"term:{license_id}:{number}",
                name="trial" if trial else "renewed" if bought_before else "paid",
                at_us=issued_at * 1_000_000,
                license=license_id,
                segment=segment or self._edition_segments.get(edition),
            )
        for activation_id, license_id, fingerprint, created_at in activations:
            yield Stored(
                id=f"activation:{activation_id}",
                name="activated",
                at_us=created_at * 1_000_000,
                install=fingerprint,
                license=license_id,
            )
