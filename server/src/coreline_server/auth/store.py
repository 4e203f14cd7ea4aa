# SPDX-License-Identifier: Apache-2.0
"""What auth needs to be kept for it."""

from typing import Protocol

from coreline_server.auth.model import ApiToken, AuditEntry


class AuthStore(Protocol):
    """Keeps the password, sessions, API tokens and the audit log. Times are seconds since 1970."""

    def password(self) -> str | None:
        """Return what is kept of the console's password."""
        ...

    def setup_link(self) -> tuple[bytes, int] | None:
        """Return the hash of the setup token and when it expires."""
        ...

    async def keep_setup_link(self, digest: bytes, expires_at: int) -> None:
        """Replace the setup link."""
        ...

    async def finish_setup(
        self, link: bytes, password: str, token: ApiToken, digest: bytes
    ) -> bool:
        """Set the password, use up the link and keep a first token: all, or False and nothing."""
        ...

    async def forget_password(self, now: int) -> bool:
        """Drop the password and all sessions, and note it; False if there is no password."""
        ...

    def session_live(self, digest: bytes, now: int) -> bool:
        """Say whether a session exists and has not expired."""
        ...

    async def keep_session(self, digest: bytes, now: int, expires_at: int) -> None:
        """Keep a session, and drop those that expired."""
        ...

    async def end_session(self, digest: bytes) -> None:
        """Drop a session."""
        ...

    def api_token(self, digest: bytes) -> ApiToken | None:
        """Return the token with this hash, if it is not revoked."""
        ...

    def api_tokens(self) -> list[ApiToken]:
        """Return all tokens, revoked ones too, newest first."""
        ...

    async def keep_api_token(self, token: ApiToken, digest: bytes, who: str) -> None:
        """Keep a token and note it in the audit log."""
        ...

    async def revoke_api_token(self, token_id: str, now: int, who: str) -> bool:
        """Revoke a token and note it; False if there is none with this id."""
        ...

    def newest_audit(self, limit: int) -> list[AuditEntry]:
        """Return the newest entries of the audit log, newest first."""
        ...

    def audit(self, after: int, limit: int) -> list[AuditEntry]:
        """Return entries of the audit log whose sequence is greater than ``after``."""
        ...
