# SPDX-License-Identifier: Apache-2.0
"""The doorkeeper: turns a link, a password, a session or a token into a caller, or refuses."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from coreline.errors import InputError, NothingToDo
from coreline_server.auth import rules
from coreline_server.auth.model import (
    ApiToken,
    AuditEntry,
    Caller,
    IssuedApiToken,
    NewApiToken,
    Scope,
    Setup,
)
from coreline_server.auth.store import AuthStore
from coreline_server.auth.throttle import Throttle

AUDIT_PAGE = 1_000


class Keeper:
    """Knows the console's user and the bearers of API tokens.

    Args:
        store: keeps passwords, sessions and tokens.
        clock: the time, in UTC.
        entropy: gives so many random bytes.
        setup_seconds, session_seconds: how long a setup link and a session live.
    """

    def __init__(
        self,
        store: AuthStore,
        *,
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes] = secrets.token_bytes,
        setup_seconds: int,
        session_seconds: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._setup_seconds = setup_seconds
        self._session_seconds = session_seconds
        self._throttle = Throttle()

    # The setup link ------------------------------------------------------------------------------

    async def open_setup(self) -> str | None:
        """Make a new setup token, which replaces any before; None once a password is set."""
        if self._store.password() is not None:
            return None
        token = rules.secret_of("cls", self._entropy(32))
        await self._store.keep_setup_link(rules.digest_of(token), self._now() + self._setup_seconds)
        return token

    def require_setup_link(self, token: str) -> bytes:
        """Return the hash of a valid setup token.

        Raises:
            InputError: it is unknown, used up or too old (``setup-link-invalid``).
        """
        link = self._store.setup_link()
        if (
            link is None
            or self._store.password() is not None
            or link[1] <= self._now()
            or not rules.same_secret(link[0], token)
        ):
            raise InputError(
                "setup-link-invalid",
                "This setup link is unknown, used up or too old.",
                "Restart the server for a new one, unless a password is set already.",
            )
        return link[0]

    async def set_up(self, setup: Setup) -> str:
        """Set the console's password, use up the link, and return an API token for admins.

        Raises:
            InputError: ``setup-link-invalid``, ``password-too-short``.
        """
        link = self.require_setup_link(setup.token)
        rules.require_good_password(setup.password)
        kept = await asyncio.to_thread(rules.keep_password, setup.password, self._entropy(16))
        token, secret = self._mint("setup", "admin")
        if not await self._store.finish_setup(link, kept, token, rules.digest_of(secret)):
            self.require_setup_link("")  # Another request used it up meanwhile: say so.
        return secret

    async def forget_password(self) -> None:
        """Drop the password, for an operator who lost it; the next start prints a setup link.

        Raises:
            NothingToDo: none is set (``password-unset-already``).
        """
        if not await self._store.forget_password(self._now()):
            raise NothingToDo(
                "password-unset-already",
                "No password is set.",
                "Start the server and open the setup link that it prints.",
            )

    # The console's user --------------------------------------------------------------------------

    async def sign_in(self, password: str, address: str) -> str:
        """Return the secret of a new session.

        Raises:
            InputError: ``password-wrong``, ``password-unset``, ``attempts-exceeded``.
        """
        self._throttle.admit(address, self._now())
        kept = self._store.password()
        if kept is None:
            raise InputError(
                "password-unset",
                "No password is set yet.",
                "Open the setup link that the server printed when it started.",
            )
        # Counted before the check, so that a burst of parallel guesses does not slip through.
        self._throttle.failed(address, self._now())
        if not await asyncio.to_thread(rules.password_matches, password, kept):
            raise InputError("password-wrong", "This is not the password.", "Try again.")
        self._throttle.succeeded(address)
        return await self.open_session()

    async def open_session(self) -> str:
        """Return the secret of a new session, for a caller who proved who they are."""
        session = rules.secret_of("clc", self._entropy(32))
        now = self._now()
        await self._store.keep_session(rules.digest_of(session), now, now + self._session_seconds)
        return session

    async def sign_out(self, session: str) -> None:
        """End a session."""
        await self._store.end_session(rules.digest_of(session))

    def session_caller(self, session: str | None) -> Caller | None:
        """Return the console's user, if the session is live."""
        if session and self._store.session_live(rules.digest_of(session), self._now()):
            return Caller("console", "admin")
        return None

    # API tokens ----------------------------------------------------------------------------------

    def caller(self, token: str, needed: Scope) -> Caller:
        """Return the bearer of an API token that covers a scope.

        Raises:
            InputError: ``token-unknown``, ``scope-missing``.
        """
        found = self.find(token)
        if found is None:
            raise InputError(
                "token-unknown",
                "The API token is unknown or revoked.",
                "Make one in the console, under Tokens.",
            )
        if not rules.allows(found.scope, needed):
            raise InputError(
                "scope-missing",
                f"The token {found.name} has the scope {found.scope}; this needs {needed}.",
                f"Use a token with the scope {needed}.",
            )
        return found

    def find(self, token: str) -> Caller | None:
        """Return the bearer of an API token, whatever its scope."""
        kept = self._store.api_token(rules.digest_of(token))
        # The name alone may be that of several tokens; the audit log must say which one it was.
        return None if kept is None else Caller(f"{kept.name} ({kept.id})", kept.scope)

    async def issue_token(self, new: NewApiToken, who: Caller) -> IssuedApiToken:
        """Make an API token; its secret is in the result and nowhere else."""
        token, secret = self._mint(new.name, new.scope)
        await self._store.keep_api_token(token, rules.digest_of(secret), who.name)
        return IssuedApiToken(id=token.id, name=token.name, scope=token.scope, token=secret)

    def tokens(self) -> list[ApiToken]:
        """Return all API tokens, newest first."""
        return self._store.api_tokens()

    async def revoke_token(self, token_id: str, who: Caller) -> None:
        """Make an API token useless.

        Raises:
            InputError: there is none with this id (``api-token-not-found``).
        """
        if not await self._store.revoke_api_token(token_id, self._now(), who.name):
            raise InputError("api-token-not-found", f"There is no API token {token_id}.")

    # The audit log -------------------------------------------------------------------------------

    def audit(self) -> Iterator[AuditEntry]:
        """Yield the whole audit log, in order."""
        after = 0
        while page := self._store.audit(after, AUDIT_PAGE):
            yield from page
            after = page[-1].sequence

    def recent(self, limit: int, after: int = 0) -> list[AuditEntry]:
        """Return a page of the audit log."""
        return self._store.audit(after, limit)

    async def verify_audit(self) -> int | None:
        """Return where the audit log was tampered with (1 is its first entry), or None."""
        # A long log takes seconds; customers' machines must not wait for them.
        return await asyncio.to_thread(rules.first_broken, self.audit())

    def newest(self, limit: int) -> list[AuditEntry]:
        """Return the newest entries of the audit log, newest first."""
        return self._store.newest_audit(limit)

    def _mint(self, name: str, scope: Scope) -> tuple[ApiToken, str]:
        secret = rules.secret_of("cla", self._entropy(32))
        token_id = f"TOK-{self._entropy(5).hex().upper()}"
        created = datetime.fromtimestamp(self._now(), UTC)
        return ApiToken(id=token_id, name=name, scope=scope, created=created), secret

    def _now(self) -> int:
        return int(self._clock().timestamp())
