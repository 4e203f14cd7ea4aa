# SPDX-License-Identifier: Apache-2.0
"""A seat on the vendor's server: take it, keep it alive, give it back.

Products that count seats use this beside ``Coreline``. It never takes a right away: without an
answer from the server, the last lease goes on until the date in it, and what happens after that
is the product's decision, since the license itself is still valid.
"""

import json
from collections.abc import Callable
from typing import Literal, NamedTuple

from coreline_sdk.chain import Trust
from coreline_sdk.claims import LeaseClaims
from coreline_sdk.codes import Refused
from coreline_sdk.jws import LICENSE_TYPE, canonical_object, take_apart
from coreline_sdk.transport import Reply, Transport, UrllibTransport
from coreline_sdk.verify import verify_lease

Outcome = Literal["held", "released", "refused", "no-answer", "lease-refused", "no-seat"]


class Seat(NamedTuple):
    """What came of a request.

    Attributes:
        outcome: ``held`` and ``released`` went well; ``refused`` is the server's answer (code,
            sentence and hint are its own); ``no-answer`` and ``lease-refused`` changed nothing;
            ``no-seat`` was a heartbeat or release without a seat.
        lease: the last verified lease, also after a failure.
    """

    outcome: Outcome
    lease: LeaseClaims | None
    code: str = ""
    sentence: str = ""
    hint: str = ""


class Activation:
    """One machine's seat. One thread at a time.

    Args:
        url: the server's address, without a path.
        token: the license token, which is the customer's credential.
        product: the product's name, which leases must name.
        root_keys: the vendor's public keys; leases are verified with them.
        fingerprint: what tells this machine from others; the product decides.
        name: what to show the customer in a list of machines.
        transport: how to reach the server; the default is urllib.
        clock: seconds since 1970.

    Raises:
        Refused: the root keys are not keys.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str,
        product: str,
        root_keys: tuple[str, ...],
        fingerprint: str,
        clock: Callable[[], float],
        name: str | None = None,
        transport: Transport | None = None,
    ) -> None:
        self._url = url.rstrip("/") + "/v1/activations"
        self._token, self._product, self._trust = token, product, Trust(root_keys)
        self._fingerprint, self._name, self._clock = fingerprint, name, clock
        self._transport: Transport = transport or UrllibTransport()
        self._license_id = _license_id(token)
        self._id: str | None = None
        self.lease: LeaseClaims | None = None

    @property
    def held(self) -> bool:
        """Whether the last lease has not ended."""
        return self.lease is not None and self._clock() < self.lease.expires_at

    def activate(self) -> Seat:
        """Take a seat. Never raises."""
        body = {"fingerprint": self._fingerprint}
        if self._name is not None:
            body["name"] = self._name
        return self._lease_from("POST", self._url, json.dumps(body).encode())

    def heartbeat(self) -> Seat:
        """Say that the machine still runs, and take the renewed lease. Never raises."""
        if self._id is None:
            return Seat("no-seat", self.lease)
        return self._lease_from("POST", f"{self._url}/{self._id}/heartbeat", b"")

    def release(self) -> Seat:
        """Give the seat back. Never raises."""
        if self._id is None:
            return Seat("no-seat", self.lease)
        reply = self._send("DELETE", f"{self._url}/{self._id}", b"")
        if reply is None:
            return Seat("no-answer", self.lease)
        if reply.status >= 300 and reply.status != 404:
            return self._refusal(reply)
        self._id = self.lease = None
        return Seat("released", None)

    def _lease_from(self, method: str, url: str, body: bytes) -> Seat:
        reply = self._send(method, url, body)
        if reply is None:
            return Seat("no-answer", self.lease)
        if reply.status >= 300:
            return self._refusal(reply)
        try:
            lease = verify_lease(_text(reply, "lease"), self._trust, self._product)
        except Refused as refused:
            return Seat(
                "lease-refused", self.lease, refused.code.name, refused.sentence, refused.hint
            )
        other = self._unfit(lease)
        if other:
            return Seat("lease-refused", self.lease, *other, "Ask the vendor, with this code.")
        self._id, self.lease = lease.activation_id, lease
        return Seat("held", lease)

    def _unfit(self, lease: LeaseClaims) -> tuple[str, str] | None:
        """Return why a verified lease is not the answer to what was asked."""
        if lease.fingerprint != self._fingerprint:
            return "lease-of-another-machine", "The lease is for another machine."
        if self._license_id not in (None, lease.license_id):
            return "lease-of-another-license", "The lease is for another license."
        if self.lease is not None and lease.issued_at < self.lease.issued_at:
            # An answer that something on the way had kept must not shorten what is held.
            return "lease-outdated", "The lease is older than the one that is held."
        return None

    def _send(self, method: str, url: str, body: bytes) -> Reply | None:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            reply = self._transport.send(method, url, headers, body)
        except Exception:
            # A transport of the product's own may raise anything; its seat must not.
            return None
        # A server in trouble has not said anything about the license, nor has a proxy or a
        # sign-in page on the way: a refusal of the server names its code.
        troubled = reply.status >= 500 or reply.status == 429
        unsaid = reply.status >= 300 and not _text(reply, "code")
        return None if troubled or unsaid else reply

    def _refusal(self, reply: Reply) -> Seat:
        return Seat(
            "refused",
            self.lease,
            _text(reply, "code"),
            _text(reply, "detail") or _text(reply, "title"),
            _text(reply, "hint"),
        )


def _license_id(token: str) -> str | None:
    """Return the license that a token is of; None where it is no token, as its server will say."""
    try:
        value = canonical_object(take_apart(token, LICENSE_TYPE).payload).get("jti")
    except Refused:
        return None
    return value if isinstance(value, str) else None


def _text(reply: Reply, name: str) -> str:
    """Return a text of the answer's JSON object; empty when it has none (RFC 9457, 3)."""
    try:
        body = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""
