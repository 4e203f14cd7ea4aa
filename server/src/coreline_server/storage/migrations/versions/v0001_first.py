# SPDX-License-Identifier: Apache-2.0
"""The first schema."""

from alembic import op

from coreline_server.storage.schema import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    metadata.create_all(op.get_bind())
