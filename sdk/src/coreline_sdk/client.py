# SPDX-License-Identifier: Apache-2.0
"""The one object of a product: is this feature allowed?

Nothing here raises but a closed gate, nothing here talks to a network, and until a license is
configured nothing is allowed and nothing else happens. Reading and verifying is ``loader``, which
is imported at the first question, so a product that never asks never pays for cryptography.
"""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from coreline_sdk.codes import CHECK_FAILED, FEATURE_NOT_LICENSED, NotEntitled
from coreline_sdk.forking import mend_after_fork
from coreline_sdk.status import NOTHING, LicenseStatus, View, bare_status

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coreline_sdk.claims import Limits
    from coreline_sdk.loader import Loader
    from coreline_sdk.telemetry import Telemetry

P = ParamSpec("P")
R = TypeVar("R")

FIRST_LOOK_SECONDS = 5.0
_CO_COROUTINE = 0x80
"""``inspect.CO_COROUTINE``; importing inspect costs more than the rest of this package."""


class Coreline:
    """The license of one product in one process. Safe to share between threads and to fork.

    Args:
        product: the product's name in its manifest; a license names it.
        license: the text of a license file or a path to one. None for the environment variable
            ``CORELINE_LICENSE``, which holds either.
        root_keys: the vendor's public keys, as ``coreline keys show`` prints them.
        built: the date this build was made. A license that is not a trial keeps the builds that
            are dated before it expires.
        clock: seconds since 1970.
        telemetry: where opened and closed gates are counted, if anywhere.
        revocations: the path of a revocation list kept beside the license.
        state: the path of a file in which to remember the last verified license, the newest
            revocation list and the latest time seen. None remembers nothing beyond the process.
        recheck_seconds: how often files are looked at again.
    """

    __slots__ = (
        "__weakref__",
        "_clock",
        "_hot",
        "_loader",
        "_lock",
        "_make_loader",
        "_recheck_seconds",
        "_telemetry",
        "_view",
    )

    def __init__(
        self,
        product: str,
        license: "str | Path | None" = None,
        root_keys: Sequence[str] = (),
        built: "date | None" = None,
        clock: Callable[[], float] = time.time,
        telemetry: "Telemetry | None" = None,
        *,
        revocations: "str | Path | None" = None,
        state: "str | Path | None" = None,
        recheck_seconds: float = 60.0,
    ) -> None:
        def make_loader() -> "Loader":
            from coreline_sdk.loader import Loader, Settings

            return Loader(Settings(product, license, tuple(root_keys), built, revocations, state))

        self._make_loader = make_loader
        self._loader: Loader | None = None
        self._clock = clock
        self._telemetry = telemetry
        self._recheck_seconds = recheck_seconds
        self._lock = Lock()
        self._view: View = NOTHING
        self._hot: dict[str, float] = NOTHING.hot
        mend_after_fork(self)

    def entitled(self, feature: str) -> bool:
        """Return whether a feature is allowed now. Never raises."""
        # The hot path: one look-up and one clock. Deadlines never lie beyond the next look at the
        # files, so the same comparison also says when to look again.
        return self._hot.get(feature, 0.0) > self._clock() or self._ask(feature)

    def requires(self, feature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Return a decorator that lets a function, method or coroutine run only when allowed.

        The question is asked at each call, not when the module is imported.

        Raises:
            NotEntitled: by the decorated function, when the gate is closed.
        """

        def gate(function: Callable[P, R]) -> Callable[P, R]:
            import functools

            @functools.wraps(function)
            def call(*args: P.args, **kwargs: P.kwargs) -> R:
                self.require(feature)
                return function(*args, **kwargs)

            @functools.wraps(function)
            async def call_async(*args: P.args, **kwargs: P.kwargs) -> Any:
                self.require(feature)
                # Only coroutine functions come here, which the types cannot say.
                return await cast("Any", function)(*args, **kwargs)

            if _is_coroutine_function(function):
                return cast("Callable[P, R]", call_async)
            return call

        return gate

    def require(self, feature: str) -> None:
        """Return when a feature is allowed.

        Raises:
            NotEntitled: it is not, and why.
        """
        if self.entitled(feature):
            return
        status = self._view.status
        if status.entitled:
            closed = FEATURE_NOT_LICENSED
            raise NotEntitled(feature, closed.name, f"{closed.sentence} ({feature})", closed.hint)
        raise NotEntitled(feature, status.code, status.sentence, status.hint)

    def limits(self, feature: str) -> "Limits":
        """Return the limits of an allowed feature; empty when it has none or is not allowed."""
        return dict(self._view.limits.get(feature, {})) if self.entitled(feature) else {}

    @property
    def seats(self) -> int | None:
        """How many seats the license has; None when they are not counted or there is none."""
        return self.status().seats

    def status(self) -> LicenseStatus:
        """Return where the license stands, after a look at its files. Never raises."""
        return self.refresh()

    def refresh(self) -> LicenseStatus:
        """Look at the files again now, rather than when it is due. Never raises."""
        with self._lock:
            self._look()
            return self._view.status

    def _ask(self, feature: str) -> bool:
        """Answer what the hot path could not: a first question, a closed gate, a look that is due.

        It never waits: while one thread looks at the files, the others go by the last look.
        """
        view, now = self._view, self._clock()
        if not view.checked_at <= now < view.recheck_at:
            lock = self._lock
            # Only the very first look is waited for: before it there is nothing to go by. Not
            # for ever, since a signal handler may ask while its own thread is looking.
            if lock.acquire(timeout=FIRST_LOOK_SECONDS if view is NOTHING else 0):
                try:
                    if self._view is view:
                        self._look()
                finally:
                    lock.release()
            view, now = self._view, self._clock()
        until = view.until.get(feature, 0.0)
        if until > now:
            view.hot[feature] = min(until, view.recheck_at)
        if self._telemetry is not None:
            self._telemetry.gate(feature, opened=until > now)
        return until > now

    def _look(self) -> None:
        now = self._clock()
        recheck_at = now + self._recheck_seconds
        try:
            if self._loader is None:
                self._loader = self._make_loader()
            view = self._loader.look(now, recheck_at)
        except Exception as error:
            # Cryptography may be missing or broken on this machine, or a setting be nonsense; the
            # product must not fall because its license check did.
            view = View(bare_status(CHECK_FAILED, repr(error)), {}, {}, now, recheck_at, {})
        self._view = view
        self._hot = view.hot

    def mend(self) -> None:
        """Go on in a forked child: a thread of the parent may have been in the middle of a look."""
        if self._lock.locked():
            self._loader = None
        self._lock = Lock()


def _is_coroutine_function(function: object) -> bool:
    while (inner := getattr(function, "func", None)) is not None:  # A functools.partial.
        function = inner
    code = getattr(function, "__code__", None)
    return bool(getattr(code, "co_flags", 0) & _CO_COROUTINE)
