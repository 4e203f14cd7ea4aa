# SPDX-License-Identifier: Apache-2.0
"""The manifest's tables as values. Parsing them is ``parse``, the sides of paths are ``claims``.

The JSON Schema of ``coreline.toml`` is generated from these types, so a field's description is
also what an editor shows while completing it.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Side = Literal["core", "wrap"]
Grade = Literal["broken", "tight", "loose"]
Promise = Literal["standalone", "loose"]

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="A short name.")]
Glob = Annotated[
    str,
    Meta(
        min_length=1,
        description="A path from the repository's root: * within a folder, ** across folders, "
        "? one character. Brackets are literal.",
    ),
]
Spdx = Annotated[str, Meta(min_length=1, description="An SPDX license expression.")]


class Product(Struct, frozen=True, kw_only=True):
    """What is sold, by whom, and its primary use."""

    name: Name
    primary: Annotated[str, Meta(description="The primary use, in one sentence.")]
    vendor: Annotated[list[str], Meta(description="E-mail domains of the vendor.")] = field(
        default_factory=list
    )


class Core(Struct, frozen=True, kw_only=True):
    """The open source side."""

    spdx: Spdx
    paths: list[Glob]
    promise: Annotated[Promise, Meta(description="The grade that check enforces.")] = "loose"
    doors: Annotated[
        list[str],
        Meta(description="Public extension points, such as entry-point:NAME or api:NAME."),
    ] = field(default_factory=list)
    test: Annotated[
        list[str], Meta(description="Commands that test the core where the wrap does not exist.")
    ] = field(default_factory=list)
    public: Annotated[str | None, Meta(description="Where the core is published.")] = None
    packages: Annotated[
        list[str], Meta(description="Names of the packages that are built from the core.")
    ] = field(default_factory=list)


class Wrap(Struct, frozen=True, kw_only=True):
    """One body of proprietary software around the core."""

    spdx: Spdx
    paths: list[Glob] = field(default_factory=list)
    modules: Annotated[
        list[str],
        Meta(description="Names that the core must not know, also of a wrap kept elsewhere."),
    ] = field(default_factory=list)
    packages: Annotated[
        list[str], Meta(description="Names of the packages that are built from this wrap.")
    ] = field(default_factory=list)


class Feature(Struct, frozen=True, kw_only=True):
    """A named capability and its side."""

    side: Side
    title: str | None = None
    primary: Annotated[bool, Meta(description="Part of the primary use: always core.")] = False
    critical: Annotated[
        bool,
        Meta(description="Nearly all software needs it (sign-in, security fixes): always core."),
    ] = False
    wrap: Annotated[str | None, Meta(description="The wrap that holds it.")] = None
    paths: list[Glob] = field(default_factory=list)
    segment: str | None = None
    decision: Annotated[
        str | None, Meta(description="The decision record, a path in the repository.")
    ] = None


class Price(Struct, frozen=True, kw_only=True):
    """What an edition costs."""

    amount: Annotated[int | float, Meta(ge=0)]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="ISO 4217.")]
    per: Literal["seat-month", "seat-year", "month", "year", "once"]


class Edition(Struct, frozen=True, kw_only=True):
    """Features that are sold together to a segment."""

    features: list[str]
    title: str | None = None
    segment: str | None = None
    price: Price | None = None
    trial_days: Annotated[int, Meta(ge=0)] = 0
    grace_days: Annotated[int, Meta(ge=0)] = 0


class Segment(Struct, frozen=True, kw_only=True):
    """A part of the market and the signals by which it shows itself."""

    title: str | None = None
    signals: Annotated[
        list[str], Meta(description="A signal's name, or a comparison such as seats >= 50.")
    ] = field(default_factory=list)


class Manifest(Struct, frozen=True, kw_only=True):
    """The whole of ``coreline.toml``: the only place that says where the line is."""

    product: Product
    core: Core
    wraps: dict[Name, Wrap] = field(default_factory=dict)
    features: dict[Name, Feature] = field(default_factory=dict)
    editions: dict[Name, Edition] = field(default_factory=dict)
    segments: dict[Name, Segment] = field(default_factory=dict)


MANIFEST_NAME = "coreline.toml"
