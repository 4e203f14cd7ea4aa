# SPDX-License-Identifier: Apache-2.0
"""Attestations by an identity of Sigstore: the one that a CI job has, and that PyPI believes.

Sigstore's log and certificates are ``pypi-attestations``' to use; what is decided here is which
failures are whose. For Python's distributions alone, since nothing else has such attestations.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coreline.errors import InputError, OutsideError
from coreline.releases.attest import require_library
from coreline.releases.attested import Attested, Refusal

if TYPE_CHECKING:
    from pypi_attestations import Distribution
    from sigstore.oidc import IdentityToken
    from sigstore.sign import SigningContext

GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
"""Who vouches for the identities of GitHub's workflows."""


@dataclass(frozen=True)
class IdentitySigner:
    """The identity that this process has from where it runs."""

    token: "IdentityToken"
    context: "SigningContext"

    def attestation(self, artifact: Path, sha256: str) -> str:
        """Return the attestation of a file, entered into Sigstore's public log.

        Raises:
            InputError: it is no distribution of Python (``attest-not-python``).
            OutsideError: Sigstore refused, or was not reached (``attest-sigstore-failed``).
        """
        import requests
        from pypi_attestations import Attestation, AttestationError
        from sigstore.errors import Error

        distribution = _distribution(artifact.name, sha256)
        if distribution is None:
            raise _not_python(artifact.name)
        try:
            with self.context.signer(self.token) as signer:
                return Attestation.sign(signer, distribution).model_dump_json()
        except (AttestationError, Error, requests.RequestException, OSError) as error:
            raise _failed(error) from error


def ambient_signer() -> IdentitySigner:
    """Return a signer with the identity of the CI job that this runs in.

    Raises:
        OutsideError: there is none (``attest-no-identity``), the library is not installed
            (``attest-library-missing``), or Sigstore was not reached (``attest-sigstore-failed``).
    """
    require_library()
    import requests
    from sigstore.errors import Error
    from sigstore.models import ClientTrustConfig
    from sigstore.oidc import IdentityError, IdentityToken, detect_credential
    from sigstore.sign import SigningContext

    try:
        found = detect_credential()
        token = None if found is None else IdentityToken(found)
    except (IdentityError, requests.RequestException) as error:
        raise _no_identity(f"The identity of this job cannot be had: {error}") from error
    if token is None:
        raise _no_identity("Nothing here has an identity that Sigstore knows.")
    try:
        trust = ClientTrustConfig.production()
        # Attestations of PEP 740 hold entries of the first version of the log alone.
        trust.force_tlog_version = 1
        return IdentitySigner(token, SigningContext.from_trust_config(trust))
    except (Error, requests.RequestException, OSError) as error:
        raise _failed(error) from error


def check_identity(
    data: bytes, name: str, sha256: str, *, identity: str, issuer: str, offline: bool = False
) -> Attested | Refusal:
    """Check an attestation by an identity of Sigstore.

    Args:
        data: the file.
        name: of the artifact.
        sha256: of its bytes, in lower-case hex.
        identity: such as a workflow's address with its branch or tag, or an e-mail address.
        issuer: who vouches for it.
        offline: believe the keys of Sigstore that came with its library.

    Raises:
        OutsideError: Sigstore's keys cannot be had (``attest-sigstore-failed``), or the library
            is not installed (``attest-library-missing``).
    """
    require_library()
    import requests
    from pydantic import ValidationError
    from pypi_attestations import Attestation, AttestationError
    from sigstore.errors import Error, VerificationError
    from sigstore.verify.policy import Identity

    distribution = _distribution(name, sha256)
    if distribution is None:
        return Refusal("attest-not-python", f"{name} is no distribution of Python.")
    try:
        read = Attestation.model_validate_json(data)
    except ValidationError:
        return Refusal("attestation-malformed", "It is no attestation of PEP 740.")
    policy = Identity(identity=identity, issuer=issuer)
    try:
        read.verify(policy, distribution, offline=offline)
    except (AttestationError, VerificationError) as error:
        return Refusal("identity-refused", str(error).removeprefix("Verification failed: "))
    except (Error, requests.RequestException, OSError) as error:
        raise _failed(error) from error
    return Attested(identity, None)


def _distribution(name: str, sha256: str) -> "Distribution | None":
    from pydantic import ValidationError
    from pypi_attestations import Distribution

    try:
        return Distribution(name=name, digest=sha256)
    except ValidationError:
        return None


def _not_python(name: str) -> InputError:
    return InputError(
        "attest-not-python",
        f"{name} is no wheel and no sdist, and only these are attested to by an identity.",
        "Attest to it with a key of your own: --key.",
    )


def _no_identity(sentence: str) -> OutsideError:
    return OutsideError(
        "attest-no-identity",
        sentence,
        "Run it in a CI job that may ask for one (on GitHub: permissions: id-token: write), or "
        "attest with a key of your own: --key.",
    )


def _failed(error: Exception) -> OutsideError:
    return OutsideError(
        "attest-sigstore-failed",
        f"Sigstore failed: {error}.",
        "Check the network and try again, or attest with a key of your own: --key.",
    )
