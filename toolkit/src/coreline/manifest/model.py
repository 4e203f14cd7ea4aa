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
Period = Literal["seat-month", "seat-year", "month", "year", "once"]
Concern = Literal["sign-in", "authorization", "security-fixes", "data-export", "policy"]
Buyer = Literal["individual", "manager", "executive"]

# Python's ``$`` also matches before a final line end, ECMAScript's (JSON Schema) does not: the
# look-ahead makes both refuse "name\n".
_END = r"(?!\n)$"

Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9_-]*" + _END,
        # A license says them, and no product takes longer ones (coreline_sdk.claims).
        max_length=64,
        description="A short name: a-z, 0-9, hyphens and underscores.",
    ),
]
Text = Annotated[str, Meta(min_length=1)]
Days = Annotated[int, Meta(ge=0, le=3650)]
GraceDays = Annotated[int, Meta(ge=0, le=366)]
Glob = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=1000,
        description="A path from the repository's root: * within a folder, ** across folders, "
        "? one character. Brackets are literal.",
    ),
]
Spdx = Annotated[
    str, Meta(min_length=1, max_length=1000, description="An SPDX license expression.")
]
# Two annotations, since msgspec bounds one numeric type at a time. The upper bound keeps
# infinity and nonsense out of a pricing page.
Amount = Annotated[int, Meta(ge=0, le=10**9)] | Annotated[float, Meta(ge=0, le=1e9)]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the manifest: unknown keys are refused, so that a typo cannot be a silent no."""


class Product(_Table, frozen=True, kw_only=True):
    """What is sold, by whom, and its primary use."""

    name: Name
    primary: Annotated[str, Meta(min_length=1, description="The primary use, in one sentence.")]
    vendor: Annotated[list[Text], Meta(description="E-mail domains of the vendor.")] = field(
        default_factory=list
    )


class Core(_Table, frozen=True, kw_only=True):
    """The open source side."""

    spdx: Spdx
    paths: Annotated[list[Glob], Meta(description="The files of the core.")]
    promise: Annotated[Promise, Meta(description="The grade that check enforces.")] = "loose"
    doors: Annotated[
        list[Text],
        Meta(description="Public extension points, such as entry-point:NAME or api:NAME."),
    ] = field(default_factory=list)
    test: Annotated[
        list[Text],
        Meta(description="Commands that test the core where the wrap does not exist."),
    ] = field(default_factory=list)
    gates: Annotated[
        list[Text],
        Meta(description="Names of home-made license checks, such as License.premium?."),
    ] = field(default_factory=list)
    public: Annotated[
        Text | None, Meta(description="Where the core is published: a git address.")
    ] = None
    packages: Annotated[
        list[Text], Meta(description="Names of the packages that are built from the core.")
    ] = field(default_factory=list)


class Lookup(_Table, frozen=True, kw_only=True):
    """A helper of the core that is asked for a core module and finds the wrap's mirror of it."""

    call: Annotated[Text, Meta(description="The helper's name, as it is called.")]
    core: Annotated[
        str, Meta(description="What the module's name begins with in the call; may be empty.")
    ] = ""
    wrap: Annotated[Text, Meta(description="What the helper puts in its place.")]


class Overlay(_Table, frozen=True, kw_only=True):
    """A folder of the wrap that is laid over one of the core when the product is built."""

    wrap: Annotated[Text, Meta(description="The folder of the wrap.")]
    core: Annotated[Text, Meta(description="The folder of the core that it is laid over.")]


class Wrap(_Table, frozen=True, kw_only=True):
    """One body of proprietary software around the core."""

    spdx: Spdx
    paths: Annotated[list[Glob], Meta(description="The files of this wrap.")] = field(
        default_factory=list
    )
    modules: Annotated[
        list[Text],
        Meta(description="Names that the core must not know, also of a wrap kept elsewhere."),
    ] = field(default_factory=list)
    packages: Annotated[
        list[Text], Meta(description="Names of the packages that are built from this wrap.")
    ] = field(default_factory=list)
    names: Annotated[
        list[Text],
        Meta(description="Settings, variables, tables or flags that only this wrap defines."),
    ] = field(default_factory=list)
    lookups: Annotated[
        list[Lookup],
        Meta(description="Helpers that find this wrap's mirror of a module of the core."),
    ] = field(default_factory=list)
    overlays: Annotated[
        list[Overlay],
        Meta(description="Folders of this wrap that are laid over the core's at build time."),
    ] = field(default_factory=list)


class Dependency(_Table, frozen=True, kw_only=True):
    """What a third party's package is licensed under, where its metadata is silent or wrong."""

    spdx: Spdx
    reason: Annotated[Text, Meta(description="Where this is known from.")]


class Feature(_Table, frozen=True, kw_only=True):
    """A named capability and its side."""

    side: Annotated[Side, Meta(description="Which side holds the feature.")]
    title: Annotated[
        Text | None, Meta(description="Its name on a pricing page; else made from its key.")
    ] = None
    primary: Annotated[bool, Meta(description="Part of the primary use: always core.")] = False
    critical: Annotated[
        bool,
        Meta(description="Nearly all software needs it (sign-in, security fixes): always core."),
    ] = False
    wrap: Annotated[
        Text | None, Meta(description="The wrap that holds it; needed if there are several.")
    ] = None
    paths: Annotated[
        list[Glob], Meta(description="The files of the feature, where they are apart.")
    ] = field(default_factory=list)
    segment: Annotated[Text | None, Meta(description="The segment that wants it.")] = None
    decision: Annotated[
        Text | None, Meta(description="The decision record, a path in the repository.")
    ] = None
    candidate: Annotated[
        bool, Meta(description="A placement study may ask on which side it belongs.")
    ] = False
    concern: Annotated[
        Concern | None,
        Meta(description="What it is about, where that decides its side: all but policy is core."),
    ] = None
    buyer: Annotated[
        Buyer | None, Meta(description="Who would decide to buy it: for the rule of thumb.")
    ] = None
    contributors: Annotated[
        bool | None, Meta(description="Whether contributors would build and keep it.")
    ] = None


class Price(_Table, frozen=True, kw_only=True):
    """What an edition costs."""

    amount: Annotated[Amount, Meta(description="In whole units of the currency.")]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}" + _END, description="ISO 4217.")]
    per: Annotated[Period, Meta(description="What one amount pays for.")]


class Edition(_Table, frozen=True, kw_only=True):
    """Features that are sold together to a segment."""

    features: Annotated[list[Text], Meta(description="Wrap features that the edition sells.")]
    title: Annotated[
        Text | None, Meta(description="Its name on a pricing page; else made from its key.")
    ] = None
    segment: Annotated[Text | None, Meta(description="The segment it is sold to.")] = None
    price: Annotated[Price | None, Meta(description="Absent: on request.")] = None
    trial_days: Annotated[Days, Meta(description="Length of a trial; 0 is none.")] = 0
    grace_days: Annotated[
        GraceDays, Meta(description="How long the wrap works on after a license ends.")
    ] = 0


class Segment(_Table, frozen=True, kw_only=True):
    """A part of the market and the signals by which it shows itself."""

    title: Annotated[Text | None, Meta(description="Its name in reports.")] = None
    signals: Annotated[
        list[Text], Meta(description="A signal's name, or a comparison such as seats >= 50.")
    ] = field(default_factory=list)
    population: Annotated[
        Annotated[int, Meta(ge=0, le=10**12)] | None,
        Meta(description="How many could use the product: people, teams or companies."),
    ] = None


class PathMap(_Table, frozen=True, kw_only=True):
    """Where files of the core stand in the public repository."""

    private: Annotated[Text, Meta(description="A folder of the private repository.")]
    public: Annotated[str, Meta(description="The folder that it is in public; empty for the root.")]


class MessageRule(_Table, frozen=True, kw_only=True):
    """What the messages of public commits and tags say in place of what private ones say."""

    match: Annotated[Text, Meta(description="A regular expression of Python's, for each line.")]
    replace: Annotated[
        str, Meta(description="What stands in its place; \\1 is the first group.")
    ] = ""


class LineRange(_Table, frozen=True, kw_only=True):
    """A line of its own for the oldest commits."""

    until: Annotated[Text, Meta(description="The last commit, or tag, that it holds for.")]
    manifest: Annotated[Text, Meta(description="The manifest that holds: a path in this commit.")]


class Shared(_Table, frozen=True, kw_only=True):
    """A content that lay on both sides of the line, and may be public."""

    path: Annotated[Glob, Meta(description="Where the core holds or held it; a glob may be given.")]
    reason: Annotated[Text, Meta(description="Why it may be public.")]


class NotSecret(_Table, frozen=True, kw_only=True):
    """A file that holds what looks like a secret and is none."""

    path: Annotated[Glob, Meta(description="The file; a glob may be given.")]
    reason: Annotated[Text, Meta(description="Why it is no secret.")]


class Publish(_Table, frozen=True, kw_only=True):
    """How the core becomes the public repository."""

    branches: Annotated[
        list[Text],
        Meta(
            description="Branches to publish: main, release/*, or PRIVATE:PUBLIC with another "
            "public name; the current one where there are none."
        ),
    ] = field(default_factory=list)
    notes: Annotated[
        list[Text],
        Meta(description="Notes that are published with their commits, such as commits."),
    ] = field(default_factory=list)
    line: Annotated[
        Literal["today", "own"],
        Meta(description="Whose claims hold for a commit: today's manifest, or the commit's own."),
    ] = "today"
    ranges: Annotated[
        list[LineRange], Meta(description="Lines of the oldest commits, the oldest range first.")
    ] = field(default_factory=list)
    paths: Annotated[list[PathMap], Meta(description="Folders that stand elsewhere in public.")] = (
        field(default_factory=list)
    )
    messages: Annotated[
        list[MessageRule], Meta(description="What messages must not say, in order.")
    ] = field(default_factory=list)
    drop_trailers: Annotated[
        list[Text], Meta(description="Trailers that are left out, such as Internal-Ticket.")
    ] = field(default_factory=list)
    commit_ids: Annotated[
        bool, Meta(description="Whether ids of private commits in messages become public ones.")
    ] = False
    mailmap: Annotated[
        Text | None, Meta(description="A file in mailmap syntax: people as the public sees them.")
    ] = None
    bot: Annotated[
        Text | None,
        Meta(description="NAME <ADDRESS> for the vendor's people whom the mailmap does not name."),
    ] = None
    regions: Annotated[
        bool, Meta(description="Whether regions marked coreline:wrap-begin/end are left out.")
    ] = False
    wrap_names: Annotated[
        Literal["refuse", "list"],
        Meta(description="What is done where a message names a wrap: refuse it, or list it."),
    ] = "refuse"
    shared: Annotated[
        list[Shared], Meta(description="Contents that lay on both sides and may be public.")
    ] = field(default_factory=list)
    not_secret: Annotated[
        list[NotSecret], Meta(description="Files that hold what looks like a secret and is none.")
    ] = field(default_factory=list)


class Contributions(_Table, frozen=True, kw_only=True):
    """What a contribution from outside needs before it is taken in."""

    sign_off: Annotated[
        Literal["none", "dco", "cla"],
        Meta(description="A Signed-off-by of each author (DCO), an entry in a list (CLA), none."),
    ] = "none"
    cla: Annotated[
        Text | None, Meta(description="The list of who has signed: one address or domain a line.")
    ] = None
    vendor_exempt: Annotated[
        bool, Meta(description="Whether the vendor's own people need none of it: not symmetric.")
    ] = False


class Build(_Table, frozen=True, kw_only=True):
    """How artifacts of one side are made and where they are uploaded."""

    side: Annotated[Side, Meta(description="Which side the artifacts are of.")]
    wrap: Annotated[
        Text | None, Meta(description="The wrap, if the side is wrap and there are several.")
    ] = None
    tool: Annotated[
        Literal["python", "npm", "gem", "go", "command"],
        Meta(description="The ecosystem's own tool, or a command."),
    ] = "python"
    folder: Annotated[str, Meta(description="Where the package lies; empty for the top.")] = ""
    command: Annotated[
        Text | None, Meta(description="What makes the artifacts, if the tool is command.")
    ] = None
    artifacts: Annotated[list[Glob], Meta(description="What a command made, from its folder.")] = (
        field(default_factory=list)
    )
    registry: Annotated[
        Text | None, Meta(description="Where release uploads them: an upload address.")
    ] = None


class Evidence(_Table, frozen=True, kw_only=True):
    """A file that says something about where features belong."""

    kind: Annotated[
        Literal["choices", "maxdiff", "gates", "trials", "usage", "support", "competitors",
                "contributors"],
        Meta(description="What the file holds; see coreline place --help."),
    ]  # fmt: skip
    path: Annotated[Text, Meta(description="The file, a path in the repository.")]


class Placement(_Table, frozen=True, kw_only=True):
    """What a study of the line is made from."""

    evidence: Annotated[list[Evidence], Meta(description="Files with what is known.")] = field(
        default_factory=list
    )
    currency: Annotated[
        str, Meta(pattern=r"^[A-Z]{3}" + _END, description="ISO 4217, of prices and of worth.")
    ] = "USD"
    per: Annotated[Period, Meta(description="What one price pays for.")] = "seat-year"
    prices: Annotated[
        list[Amount], Meta(description="Prices of the paid edition that are looked at.")
    ] = field(default_factory=list)
    horizon_years: Annotated[
        Amount, Meta(description="How far adoption and revenue are looked at, in years.")
    ] = 5
    innovation: Annotated[
        Amount, Meta(description="Bass's p: adoption a year without word of mouth.")
    ] = 0.03
    imitation: Annotated[
        Amount, Meta(description="Bass's q: adoption a year by word of mouth.")
    ] = 0.38
    review_months: Annotated[
        Annotated[int, Meta(ge=1, le=120)], Meta(description="When a decision is looked at again.")
    ] = 12
    decisions: Annotated[Text, Meta(description="The folder of decision records.")] = (
        "docs/decisions"
    )


class Manifest(_Table, frozen=True, kw_only=True):
    """The whole of ``coreline.toml``: the only place that says where the line is."""

    product: Product
    core: Core
    wraps: Annotated[
        dict[Name, Wrap], Meta(description="Bodies of proprietary software, by name.")
    ] = field(default_factory=dict)
    dependencies: Annotated[
        dict[Text, Dependency],
        Meta(description="SPDX licenses of third parties' packages, by the packages' names."),
    ] = field(default_factory=dict)
    features: Annotated[
        dict[Name, Feature], Meta(description="Capabilities and their sides, by name.")
    ] = field(default_factory=dict)
    editions: Annotated[
        dict[Name, Edition], Meta(description="What is sold together, by name.")
    ] = field(default_factory=dict)
    publish: Annotated[Publish, Meta(description="How the core becomes public.")] = field(
        default_factory=Publish
    )
    contributions: Annotated[
        Contributions, Meta(description="What contributions from outside need.")
    ] = field(default_factory=Contributions)
    builds: Annotated[dict[Name, Build], Meta(description="Artifacts of each side, by name.")] = (
        field(default_factory=dict)
    )
    segments: Annotated[dict[Name, Segment], Meta(description="Parts of the market, by name.")] = (
        field(default_factory=dict)
    )
    placement: Annotated[Placement, Meta(description="What a study of the line is made from.")] = (
        field(default_factory=Placement)
    )


MANIFEST_NAME = "coreline.toml"
BASELINE_NAME = "coreline-baseline.json"
"""Lies beside the manifest. It is no part of any side: it is neither published nor sold."""
