# SPDX-License-Identifier: Apache-2.0
"""What is asked of a publish before anything leaves, as the manifest and one run's options say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coreline.manifest.claims import Line
from coreline.manifest.globset import GlobSet
from coreline.manifest.model import MANIFEST_NAME, Manifest, NotSecret, Shared
from coreline.manifest.parse import ParsedManifest
from coreline.publish.leaving.secrets import is_installed
from coreline.publish.leaving.wrap_names import WrapNames
from coreline.publish.recipe.paths import Paths

WITHOUT_SCANNER = "secrets: detect-secrets is not installed (pip install 'coreline[secrets]')"
WITHOUT_SECRETS = "secrets: --no-secrets"


class Decided:
    """Decisions of the manifest about paths, by glob.

    Args:
        rows: what was decided.
        paths: where folders stand in public: a decision may name a path of either side.
    """

    def __init__(self, rows: Iterable[Shared | NotSecret], paths: Paths) -> None:
        self._globs = GlobSet(row.path for row in rows)
        self._paths = paths

    def about(self, public: str) -> bool:
        """Whether a decision speaks of a public path, or of the private one behind it."""
        return any(self._globs.matches(path) for path in {public, *self._paths.private(public)})


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What is looked for.

    Attributes:
        names: finds names of the wrap.
        names_refused: whether they stop the publish, or are only listed.
        with_secrets: whether secrets are looked for.
        not_secret: what was decided to be no secret.
        shared: what was decided to be public though it lay in the wrap as well.
        skipped: what is not looked for in this run, and why.
        tells_recipe: whether the record may say the recipe: the public can read the manifest.
    """

    names: WrapNames
    names_refused: bool
    with_secrets: bool
    not_secret: Callable[[str], bool]
    shared: Callable[[str], bool]
    skipped: tuple[str, ...]
    tells_recipe: bool


def policy_of(parsed: ParsedManifest, *, secrets: bool = True) -> Policy:
    """Return the policy of a manifest that was read (``policy_for``)."""
    return policy_for(parsed.manifest, parsed.line, secrets=secrets)


def policy_for(manifest: Manifest, line: Line, *, secrets: bool = True) -> Policy:
    """Return the policy that a manifest asks for.

    Args:
        manifest: today's.
        line: its claims, compiled.
        secrets: whether this run shall look for secrets.
    """
    wanted = manifest.publish
    paths = Paths(wanted.paths)
    installed = is_installed()
    skipped = () if secrets and installed else (WITHOUT_SCANNER if secrets else WITHOUT_SECRETS,)
    return Policy(
        names=WrapNames(manifest, line),
        names_refused=wanted.wrap_names == "refuse",
        with_secrets=secrets and installed,
        not_secret=Decided(wanted.not_secret, paths).about,
        shared=Decided(wanted.shared, paths).about,
        skipped=skipped,
        tells_recipe=line.side(MANIFEST_NAME) == "core",
    )
