# SPDX-License-Identifier: Apache-2.0
"""Verifying a license of forty features costs at most 80 µs, and less than PyJWT.

What is claimed is the license token, on equal terms with the peer: from its text to checked claims
(header, signature, canonical JSON, every claim, the leaf's dates and ceiling), with the leaf's
certificate known from an earlier verification. Shown beside it: the whole file with its armor, and
the first look of a process, where the certificate is a second signature to check.

The signature itself is most of the cost and differs between machines and hours, so the token is
also claimed as a multiple of it: 80 µs were promised where a signature took 58.
"""

import json

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.gate import forty_features, nanoseconds
from bench.measure import claim, in_turn, median, row
from coreline_sdk.chain import Trust, leaf_for
from coreline_sdk.jws import LICENSE_TYPE, take_apart
from coreline_sdk.verify import verify_license, verify_token

CALLS = 1_000


def _microseconds(statement: str, **names: object) -> float:
    return nanoseconds(statement, CALLS, **names) / 1000


def main() -> None:
    """Measure the raw signature, ours with and without the certificate, and PyJWT, in turn."""
    issued, root = forty_features()
    trust = Trust([root])
    license_ = verify_license(issued.armor, trust, "bench")
    opened = take_apart(issued.token, LICENSE_TYPE)
    key = leaf_for(trust.leaves(license_.certificates), opened.kid).key
    # PyJWT knows the algorithm by its older name alone, so the same claims are signed for it.
    claims = json.loads(opened.payload)
    other = Ed25519PrivateKey.generate()
    token, public = jwt.encode(claims, other, "EdDSA"), other.public_key()
    assert jwt.decode(token, public, ["EdDSA"], audience="bench") == claims
    ours, alone, first, raw, peer = in_turn(
        lambda: _microseconds(
            "verify(text, trust, 'bench')", verify=verify_license, text=issued.armor, trust=trust
        ),
        lambda: _microseconds(
            "verify(token, trust, certificates)",
            verify=verify_token,
            token=issued.token,
            trust=trust,
            certificates=license_.certificates,
        ),
        lambda: _microseconds(
            "verify(text, Trust([root]), 'bench')",
            verify=verify_license,
            text=issued.armor,
            Trust=Trust,
            root=root,
        ),
        lambda: _microseconds(
            "verify(signature, signed)",
            verify=key.verify,
            signature=opened.signature,
            signed=opened.signed,
        ),
        lambda: _microseconds(
            "decode(token, key, algorithms, audience='bench')",
            decode=jwt.decode,
            token=token,
            key=public,
            algorithms=["EdDSA"],
        ),
        rounds=9,
    )
    row("license file, leaf known", ours, "µs CPU")
    row("license token alone, leaf known", alone, "µs CPU")
    row("license file, first look", first, "µs CPU")
    row("cryptography, one signature alone", raw, "µs CPU")
    row("PyJWT, token alone", peer, "µs CPU")
    claim("license token, µs of CPU", median(alone), 80, at_most=True)
    claim("license token / one signature", median(alone) / median(raw), 80 / 58, at_most=True)
    claim("PyJWT / license token", median(peer) / median(alone), 1, at_most=False)


if __name__ == "__main__":
    main()
