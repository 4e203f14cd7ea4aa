# SPDX-License-Identifier: Apache-2.0
"""The HTTP routes of API tokens and the audit log. The setup page is the console's."""

from typing import Annotated

from litestar import Router, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Struct

from coreline_server.auth.guards import provide_caller, require
from coreline_server.auth.keeper import Keeper
from coreline_server.auth.model import ApiToken, Caller, IssuedApiToken, NewApiToken

# SQLite's integers have 64 bits.
After = Annotated[
    int, QueryParameter(ge=0, le=(1 << 63) - 1, description="The last sequence already seen.")
]
TokenId = Annotated[str, PathParameter(description="An API token's id, such as TOK-….")]


class ApiTokens(Struct, frozen=True):
    """All API tokens, newest first, without their secrets."""

    items: list[ApiToken]


class AuditLine(Struct, frozen=True, kw_only=True):
    """An entry of the audit log; hashes in hexadecimal."""

    sequence: int
    at: int
    who: str
    what: str
    subject: str
    previous: str
    hash: str


class AuditPage(Struct, frozen=True):
    """Entries of the audit log in order, and whether the chain up to the newest is intact."""

    items: list[AuditLine]
    next: int | None


class AuditVerdict(Struct, frozen=True):
    """Whether the audit log's chain of hashes is whole, and where not."""

    intact: bool
    broken_at: int | None


@post("/v1/api-tokens", summary="Make an API token; its secret is shown once")
async def issue_token(
    data: JSONBody[NewApiToken], keeper: NamedDependency[Keeper], caller: NamedDependency[Caller]
) -> IssuedApiToken:
    """Make a token for a script. ``admin`` may do everything, ``upload`` only upload packages."""
    return await keeper.issue_token(data, caller)


@post("/v1/uploaders", summary="Make an API token that may only upload packages")
async def issue_uploader(
    keeper: NamedDependency[Keeper], caller: NamedDependency[Caller]
) -> IssuedApiToken:
    """Make a token for a build machine, the password for twine and uv."""
    return await keeper.issue_token(NewApiToken(name="uploader", scope="upload"), caller)


@get("/v1/api-tokens", summary="List API tokens")
async def list_tokens(keeper: NamedDependency[Keeper]) -> ApiTokens:
    """List all tokens, revoked ones too. Secrets are not kept, so none are shown."""
    return ApiTokens(keeper.tokens())


@delete("/v1/api-tokens/{token_id:str}", summary="Revoke an API token")
async def revoke_token(
    token_id: TokenId, keeper: NamedDependency[Keeper], caller: NamedDependency[Caller]
) -> None:
    """Make a token useless at once."""
    await keeper.revoke_token(token_id, caller)


@get("/v1/audit", summary="Read the audit log")
async def read_audit(
    keeper: NamedDependency[Keeper],
    after: After = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
) -> AuditPage:
    """Read who did what and when, oldest first."""
    entries = keeper.recent(limit, after)
    lines = [
        AuditLine(
            sequence=entry.sequence,
            at=entry.at,
            who=entry.who,
            what=entry.what,
            subject=entry.subject,
            previous=entry.previous.hex(),
            hash=entry.hash.hex(),
        )
        for entry in entries
    ]
    return AuditPage(lines, entries[-1].sequence if len(entries) == limit else None)


@get("/v1/audit/verdict", summary="Verify the audit log's chain")
async def verify_audit(keeper: NamedDependency[Keeper]) -> AuditVerdict:
    """Recompute every hash of the audit log."""
    broken_at = await keeper.verify_audit()
    return AuditVerdict(broken_at is None, broken_at)


def routes(keeper: Keeper) -> list[Router]:
    """Return the routes of this subject."""
    return [
        Router(
            path="/",
            route_handlers=[
                issue_token,
                issue_uploader,
                list_tokens,
                revoke_token,
                read_audit,
                verify_audit,
            ],
            guards=[require(keeper, "admin")],
            dependencies={
                "keeper": Provide(lambda: keeper, sync_to_thread=False),
                "caller": Provide(provide_caller),
            },
            security=[{"apiToken": []}],
            tags=["auth"],
        )
    ]
