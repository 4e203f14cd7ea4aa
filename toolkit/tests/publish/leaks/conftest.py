# SPDX-License-Identifier: Apache-2.0
"""One attempt to carry something of the wrap out: a private repository, a manifest, a place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coreline.manifest.parse import parse_manifest
from coreline.publish.leaving.policy import policy_of
from coreline.publish.publish import publish
from coreline.publish.recipe.recipe import Recipe, recipe_of
from coreline.publish.verify import VerifyReport, verify


class Attempt:
    """What a way may set. ``on`` writes the private repository with git's lowest tools."""

    def __init__(self, lab: Any, on: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.lab = lab
        self.on = on
        self.folder = folder
        self.patch = patch
        self.to = folder / "public.git"
        self.core = ["**"]
        self.wrap = ["enterprise/**", "**/*.ee"]
        self.modules: list[str] = []
        self.said = ""
        """The manifest's [publish]."""
        self.is_new = False
        """Whether the public repository must be made by publish itself."""
        self.options: dict[str, Any] = {}
        self.environment: dict[str, str] = {}
        self.files: set[str] | None = None
        """What the public branch must hold at its head."""
        self.after: Callable[[Any], None] = lambda _public: None

    @property
    def manifest(self) -> str:
        """The text of the manifest."""
        return (
            f'[product]\nname = "demo"\nprimary = "Demonstrate"\nvendor = ["corp.example"]\n'
            f'[core]\nspdx = "MIT"\npaths = {self.core}\n'
            f'[wraps.wrap]\nspdx = "LicenseRef-Demo"\npaths = {self.wrap}\n'
            f"modules = {self.modules}\n"
            f"[publish]\n{self.said}\n"
        )

    @property
    def recipe(self) -> Recipe:
        """The recipe of the manifest."""
        return recipe_of(parse_manifest(self.manifest), self.folder)

    def look(self) -> None:
        """Have what leaves looked through, as the command does."""
        self.options["policy"] = policy_of(parse_manifest(self.manifest), secrets=False)

    def prepare(self) -> Any:
        """Make an empty public repository, so that publish pushes."""
        return self.lab.repository(self.to)

    @property
    def public(self) -> Any:
        """The public repository."""
        return self.lab.opened(self.to)

    def publish(self) -> Any:
        """Publish with a fixed clock."""
        policy = policy_of(parse_manifest(self.manifest), secrets=False)
        options = {"now": self.lab.now, "policy": policy, **self.options}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return publish(self.on.repository.folder, str(self.to), self.recipe, **options)

    def verify(self) -> VerifyReport:
        """Verify what is public."""
        private, silent = self.on.repository.folder, lambda *_: None
        branch = self.options.get("branch")
        return verify(private, str(self.to), self.recipe, branch=branch, progress=silent)

    def usual(self, *more: tuple[str, str, str], message: str = "more") -> str:
        """Commit the usual tree with some entries more."""
        return str(self.on.commit([*self.on.usual, *more], message=message))


@pytest.fixture
def attempt(lab: Any, attack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Attempt:
    """An attempt that has done nothing yet."""
    return Attempt(lab, attack, tmp_path, monkeypatch)
