# SPDX-License-Identifier: Apache-2.0
"""The SBOM of an artifact, with the line in it: which side it is of, and whose its needs are.

CycloneDX 1.6 as JSON, by the library of the standard. The same artifact, line and time give the
same bytes: the serial number is made of the artifact's digest, the time is the commit's.
"""

import hashlib
import importlib.util
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from coreline.boundary.names import normalize
from coreline.errors import InputError, OutsideError
from coreline.manifest.claims import wrap_of
from coreline.manifest.model import Manifest, Side
from coreline.releases.declared import Declared, Need, declared_by
from coreline.releases.model import Built

if TYPE_CHECKING:
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component
    from packageurl import PackageURL

SUFFIX = ".cdx.json"
"""What the name of an SBOM has after that of its artifact (CycloneDX, recognized file names)."""

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "coreline:sbom")
"""Serial numbers are UUIDs of version 5 (RFC 9562) in this namespace."""


class FeatureSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A feature of the side that an artifact is of."""

    name: str
    primary: bool = False
    critical: bool = False


class LineSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What an SBOM says of the line.

    ``digest`` is the SHA-256 of the manifest in lower-case hex; ``packages`` leads from the names
    of the product's own packages, normalized, to the wrap that each is of, None for the core.
    """

    product: str
    side: Side
    wrap: str | None
    promise: str
    digest: str
    features: tuple[FeatureSaid, ...] = ()
    packages: Mapping[str, str | None] = msgspec.field(default_factory=dict)


def line_said(manifest: Manifest, *, side: Side, wrap: str | None, digest: str) -> LineSaid:
    """Return what the SBOMs of one side say of the line. Of the other side they name no feature.

    Args:
        manifest: the line.
        side: of the artifact.
        wrap: which one, for an artifact of a wrap.
        digest: the SHA-256 of the manifest's bytes, in hex.
    """
    features = tuple(
        FeatureSaid(name=name, primary=one.primary, critical=one.critical)
        for name, one in sorted(manifest.features.items())
        if one.side == side and (side == "core" or wrap_of(manifest, name) == wrap)
    )
    packages: dict[str, str | None] = {normalize(one): None for one in manifest.core.packages}
    for name, table in manifest.wraps.items():
        packages |= {normalize(one): name for one in table.packages}
    return LineSaid(
        product=manifest.product.name,
        side=side,
        wrap=wrap,
        promise=manifest.core.promise,
        digest=digest,
        features=features,
        packages=packages,
    )


def write_sbom(
    artifact: Path,
    out: Path,
    *,
    built: Built,
    release_commit: str | None,
    epoch: int,
    line: LineSaid,
) -> Path:
    """Write the SBOM of an artifact, and return where.

    Args:
        artifact: the file.
        out: the folder to write into; the file is named as the artifact, with ``.cdx.json``.
        built: what made it: its package, version and SPDX license.
        release_commit: the commit it was built from, in hex; None to say nothing of it.
        epoch: the time to say, in seconds since 1970: ``SOURCE_DATE_EPOCH``.
        line: what to say of the line.

    Raises:
        InputError: there is no such file (``artifact-missing``).
        OutsideError: the library is not installed (``sbom-library-missing``).
    """
    text = sbom_text(artifact, built=built, release_commit=release_commit, epoch=epoch, line=line)
    path = out / (artifact.name + SUFFIX)
    path.write_text(text, encoding="utf-8")
    return path


def sbom_text(
    artifact: Path, *, built: Built, release_commit: str | None, epoch: int, line: LineSaid
) -> str:
    """Return the SBOM of an artifact; see ``write_sbom``."""
    if importlib.util.find_spec("cyclonedx") is None:
        raise OutsideError(
            "sbom-library-missing",
            "SBOMs are written by cyclonedx-python-lib, which is not installed.",
            "Install coreline with its extra: coreline[release].",
        )
    from cyclonedx.output.json import JsonV1Dot6

    digest = _digest(artifact)
    said = declared_by(artifact)
    bom = _bom(artifact.name, digest, said, built, release_commit, epoch, line)
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _digest(artifact: Path) -> str:
    try:
        with artifact.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError(
            "artifact-missing", f"{artifact} is no file.", "Name a file that coreline build wrote."
        ) from error


def _bom(
    name: str,
    digest: str,
    said: Declared,
    built: Built,
    commit: str | None,
    epoch: int,
    line: LineSaid,
) -> "Bom":
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import LicenseExpression
    from cyclonedx.model.tool import ToolRepository

    package = built.package or said.name
    version = built.version or said.version
    main = Component(
        name=package or name,
        version=version,
        type=ComponentType.LIBRARY if package else ComponentType.FILE,
        bom_ref=f"sha256:{digest}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        licenses=[LicenseExpression(built.spdx)],
        purl=_purl(said.kind, package or name, version),
        properties=_properties(_of_artifact(name, built, commit, line)),
    )
    needs = list(_needed(said.kind, said.needs, line))
    tool = Component(name="coreline", type=ComponentType.APPLICATION)
    bom = Bom(
        serial_number=uuid.uuid5(NAMESPACE, digest),
        metadata=BomMetaData(
            component=main,
            timestamp=datetime.fromtimestamp(epoch, UTC),
            tools=ToolRepository(components=[tool]),
        ),
        components=needs,
    )
    bom.register_dependency(main, needs)
    return bom


def _of_artifact(
    name: str, built: Built, commit: str | None, line: LineSaid
) -> Iterator[tuple[str, str]]:
    yield "artifact", name
    yield "build", built.name
    if commit is not None:
        yield "commit", commit
    yield "line", f"sha256:{line.digest}"
    yield "product", line.product
    yield "promise", line.promise
    yield "side", line.side
    if line.wrap is not None:
        yield "wrap", line.wrap
    for one in line.features:
        kinds = [kind for kind in ("primary", "critical") if getattr(one, kind)]
        yield f"feature:{one.name}", ",".join(kinds) or "ordinary"


def _needed(kind: str, needs: Iterable[Need], line: LineSaid) -> "Iterator[Component]":
    """Yield one component for each package, whatever number of conditions it is asked for under."""
    from cyclonedx.model.component import Component, ComponentScope, ComponentType

    by_name: dict[str, list[Need]] = {}
    for one in needs:
        by_name.setdefault(normalize(one.name) if kind == "pypi" else one.name, []).append(one)
    for name, asked in by_name.items():
        is_optional = all(one.is_optional for one in asked)
        yield Component(
            name=name,
            type=ComponentType.LIBRARY,
            bom_ref=f"needs:{name}",
            scope=ComponentScope.OPTIONAL if is_optional else ComponentScope.REQUIRED,
            purl=_purl(kind, name, None),
            properties=_properties(_of_need(name, asked, line)),
        )


def _of_need(name: str, asked: Iterable[Need], line: LineSaid) -> Iterator[tuple[str, str]]:
    yield from (("requirement", one.requirement) for one in asked if one.requirement)
    key = normalize(name)
    if key in line.packages:
        wrap = line.packages[key]
        yield "product", line.product
        yield "side", "core" if wrap is None else "wrap"
        if wrap is not None:
            yield "wrap", wrap


def _properties(pairs: Iterable[tuple[str, str]]) -> "list[Property]":
    from cyclonedx.model import Property

    return [Property(name=f"coreline:{name}", value=value) for name, value in pairs]


def _purl(kind: str, name: str, version: str | None) -> "PackageURL":
    """Return a package URL: what stands before the name is its namespace (purl-spec, types)."""
    from packageurl import PackageURL

    namespace, _, plain = name.rpartition(_SEPARATORS.get(kind, "\0"))
    return PackageURL(kind, namespace or None, plain, version)


_SEPARATORS = {"npm": "/", "maven": ":", "golang": "/"}
