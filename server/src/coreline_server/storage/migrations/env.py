# SPDX-License-Identifier: Apache-2.0
"""What Alembic runs around the migrations: they use the connection that ``migrate`` opened."""

from alembic import context

from coreline_server.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
