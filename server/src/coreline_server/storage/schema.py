# SPDX-License-Identifier: Apache-2.0
"""The tables. Migrations bring a file to this shape; a test compares the two.

Times are whole seconds since 1970 in UTC (columns named ``…_at``, ``starts``, ``expires``).
Secrets (sessions, API tokens, registry tokens, the setup link) are kept as SHA-256 only.
"""

from sqlalchemy import (
    BLOB,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# auth ---------------------------------------------------------------------------------------------

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", BLOB, primary_key=True),
    Column("created_at", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("token_sha256", BLOB, nullable=False, unique=True),
    Column("created_at", Integer, nullable=False),
    Column("revoked_at", Integer),
)

audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("previous", BLOB, nullable=False),
    Column("hash", BLOB, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_sha256", BLOB, nullable=False),
    Column("result", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    PrimaryKeyConstraint("caller", "key"),
)

# licensing ----------------------------------------------------------------------------------------

customers = Table(
    "customers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("segment", Text),
    Column("created_at", Integer, nullable=False),
)

# A license keeps its id for life. Each renewal adds a term with a token of its own; the columns
# here are those of the newest term, so the hot paths read one row.
licenses = Table(
    "licenses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("edition", Text, nullable=False),
    Column("features", Text, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("trial", Integer, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("expires", Integer, nullable=False),
    Column("grace_days", Integer, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("revoked_at", Integer),
    Column("reason", Text),
    Column("token", Text, nullable=False),
    Index("licenses_customer", "customer_id"),
)

license_terms = Table(
    "license_terms",
    metadata,
    Column("license_id", Text, ForeignKey("licenses.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("token_sha256", BLOB, nullable=False, unique=True),
    Column("trial", Integer, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("expires", Integer, nullable=False),
    Column("issued_at", Integer, nullable=False),
    PrimaryKeyConstraint("license_id", "number"),
)

activations = Table(
    "activations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("license_id", Text, ForeignKey("licenses.id"), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("seen_at", Integer, nullable=False),
    Column("lease_seconds", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False),
    UniqueConstraint("license_id", "fingerprint"),
    Index("activations_live", "license_id", "expires_at"),
)

# registry -----------------------------------------------------------------------------------------

# The side of a project is not kept: the manifest alone says where the line is.
projects = Table(
    "projects",
    metadata,
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("project", Text, ForeignKey("projects.name"), nullable=False),
    Column("filename", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("requires_python", Text),
    Column("metadata_sha256", Text),
    Column("yanked", Text),
    Column("uploaded_at", Integer, nullable=False),
    PrimaryKeyConstraint("project", "filename"),
)

registry_tokens = Table(
    "registry_tokens",
    metadata,
    Column("token_sha256", BLOB, primary_key=True),
    Column("license_id", Text, ForeignKey("licenses.id"), nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("revoked_at", Integer),
    Index("registry_tokens_license", "license_id"),
)
