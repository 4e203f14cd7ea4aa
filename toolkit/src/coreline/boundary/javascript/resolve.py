# SPDX-License-Identifier: Apache-2.0
"""What a specifier, or a string that may be a path, means in a tree: a file, and so a wrap or not.

The order is that of the tools: a relative path, ``#`` imports, ``paths`` of the nearest tsconfig,
packages of the workspace, then the aliases that frameworks set up without being told.
"""

import re
from collections.abc import Iterable, Iterator

from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Reference
from coreline.boundary.javascript.configs import Configs
from coreline.boundary.javascript.files import Files, Place, ancestors, inside, join
from coreline.boundary.javascript.packages import Packages, split
from coreline.boundary.names import normalize
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

_RELATIVE = re.compile(r"\.{1,2}(/|$)")
_QUERY = re.compile(r"(?<=[^?#])[?#][^/]*$")
# Nuxt's aliases of its root and of its source folder; Vite, Vue CLI and Next use "@/" as well.
_ALIAS = re.compile(r"(?:~~|@@|~|@)/(.*)")
_ALIASED = ("", "src", "app")
_ROOT = re.compile(r"^<rootDir>/|^\$\{?\w*[dD]ir\w*\}?/")
_SUFFIX = re.compile(r"\.\w{1,6}$")
_CUT = re.compile(r"[*{$]|\?\(")


def resolver(world: World) -> Resolve:
    """Return what resolves the references of JavaScript, TypeScript, Vue and Svelte files."""
    return Resolver(world).meant


class Resolver:
    """Resolves specifiers and strings.

    Args:
        world: the tree.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.files = Files(world)
        self.packages = Packages(world, self.files)
        self.configs = Configs(world, self.files, self.packages)

    def meant(self, reference: Reference, path: str) -> Meant | None:
        """Return the wrap that a reference means."""
        if reference.form == "link":
            return self._world.common.link(reference.module, path)
        wrap = (
            self.specifier(reference.module, path)
            if reference.is_name
            else self.string(reference.module, path)
        )
        return None if wrap is None else Meant(wrap, reference.module)

    def specifier(self, written: str, path: str) -> str | None:
        """Return the wrap that the name of a module leads into."""
        # Webpack's loaders come first, queries and fragments of bundlers last.
        text = _QUERY.sub("", written.rpartition("!")[2])
        if text.startswith("#"):
            place = _best(self.packages.imported(text, path)) or self._elsewhere(text, path)
            return self._named(text, path) if place is None else place.wrap
        if _RELATIVE.match(text):
            return self._relative(text, path)
        if text.startswith("/"):
            return self._first(join(root, text[1:]) for root in self.packages.roots(path))
        for options in self.configs.of(path):
            place = self._found(options.candidates(text))
            # A shim stands for the types of a module, which is still needed when the code runs.
            if place is not None and (place.wrap or not place.is_declaration):
                return place.wrap
        place = self.packages.resolve(text, path)
        if place is not None:
            return place.wrap
        place = self._found(self._aliased(text, path)) or self._elsewhere(text, path)
        return self._named(text, path) if place is None else place.wrap

    def _elsewhere(self, text: str, path: str) -> Place | None:
        if self.packages.is_installed(split(text)[0], path):
            return None
        places = (self.files.place(one) for one in self.configs.elsewhere(text))
        return next((place for place in places if place.is_found), None)

    def _relative(self, text: str, path: str) -> str | None:
        target = inside(path.rpartition("/")[0], text)
        place = self.files.place(target)
        if not place.is_found and target is not None:
            for options in self.configs.of(path):
                other = self._found(options.siblings(target))
                if other is not None:
                    return other.wrap
        return place.wrap

    def _aliased(self, text: str, path: str) -> Iterator[str]:
        alias = _ALIAS.match(text)
        for root in self.packages.roots(path):
            if text.startswith("$lib/"):
                # SvelteKit's name for the folder of a project's own library.
                yield join(root, f"src/lib/{text[5:]}")
            elif alias is not None:
                yield from (join(join(root, one), alias[1]) for one in _ALIASED)
            elif not self._is_told(text, path):
                # Bundlers can be set up to look for modules in a folder of sources.
                yield from (file for one in ("", "src") if (file := self._file(root, one, text)))

    def _is_told(self, text: str, path: str) -> bool:
        """Whether a configuration, or a registry, says what a bare name means."""
        return bool(self.configs.of(path)) or self.packages.is_installed(split(text)[0], path)

    def _file(self, root: str, folder: str, text: str) -> str | None:
        return self.files.file(join(join(root, folder), text))

    def _named(self, text: str, path: str) -> str | None:
        """Return the wrap of a package that is not in the tree, by the name it is known by."""
        names = self._world.names
        parts = text.split("/")
        for length in range(len(parts), 0, -1):
            name = "/".join(parts[:length])
            wrap = names.packages.get(normalize(name)) or names.modules.get(name)
            if wrap is not None:
                return wrap
        # A module @acme_ee is an alias of acme_ee, as other languages write it.
        first = parts[0].removeprefix("@")
        is_own = "_" in first and not self.packages.is_installed(parts[0], path)
        return names.modules.get(first) if is_own else None

    def _found(self, candidates: Iterable[str]) -> Place | None:
        return _best(map(self.files.place, candidates))

    def _first(self, candidates: Iterable[str]) -> str | None:
        place = self._found(candidates)
        return None if place is None else place.wrap

    def string(self, written: str, path: str) -> str | None:
        """Return the wrap that a string leads into which may be a path, or anything else.

        Something must be there: ``/settings/ee`` is an address of a page, mostly.
        """
        text = _ROOT.sub("./", written.lstrip("!"))
        is_rooted = text != written.lstrip("!")
        parts = [part for part in text.split("/") if part not in ("", ".", "..")]
        if not parts:
            return None
        if text.startswith("/"):
            return self._rooted(text, path) or self._by_part(parts)
        if _RELATIVE.match(text):
            folders = [*self.packages.roots(path), ""] if is_rooted else self._bases(path)
            return self._existing(folders, text)
        wrap = self._package_named(text, path)
        if wrap is not None or "/" not in text:
            return wrap
        if _ALIAS.match(text):
            return self.specifier(text, path)
        for options in self.configs.of(path):
            place = self._found(options.candidates(text)) if options.paths else None
            if place is not None and place.is_found:
                return place.wrap
        elsewhere = self._elsewhere(text, path)
        if elsewhere is not None:
            return elsewhere.wrap
        # It is looked up from everywhere above, so one word alone would find too much.
        is_clear = len(parts) > 1 or _CUT.search(text) is not None
        found = self._existing(ancestors(path), text) if is_clear else None
        return found or self._by_part(parts)

    def _by_part(self, parts: Iterable[str]) -> str | None:
        """Return the wrap whose declared module is a part of a path, where no other has the name.

        ``base + "/modules/acme_ee/module.js"`` begins elsewhere.
        """
        modules = self._world.names.modules
        return next((modules[one] for one in parts if "_" in one and one in modules), None)

    def _bases(self, path: str) -> list[str]:
        """Return the folders that a relative path may be meant from: the file's, its package's."""
        return [path.rpartition("/")[0], *self.packages.roots(path)]

    def _existing(self, folders: Iterable[str], text: str) -> str | None:
        for folder in folders:
            place = self.files.place(inside(folder, text))
            if place.is_found:
                return place.wrap
        return None

    def _rooted(self, text: str, path: str) -> str | None:
        """Return the wrap of a file that is named from the root of its package."""
        if _SUFFIX.search(text) is None:
            return None
        return self._existing([*self.packages.roots(path), ""], text.lstrip("/"))

    def _package_named(self, text: str, path: str) -> str | None:
        """Return the wrap whose package a string names, as ``transpilePackages`` does."""
        name, _ = split(text)
        is_distinct = any(char in name for char in "/_-")
        if not is_distinct or any(char in text for char in "(){}=,:"):
            return None
        if self.packages.is_known(name):
            place = self.packages.resolve(text, path)
            return None if place is None else place.wrap
        return self._named(text, path)


def _best(places: Iterable[Place]) -> Place | None:
    """Return the first place where something is; a wrap's folder where nothing is anywhere."""
    wrap: str | None = None
    for place in places:
        if place.is_found:
            return place
        wrap = wrap or place.wrap
    return None if wrap is None else Place(wrap, is_found=False)


def config_resolver(world: World) -> Resolve:
    """Return what resolves the paths and packages that a configuration of TypeScript names."""
    own = Resolver(world)

    def meant(reference: Reference, path: str) -> Meant | None:
        text = reference.module.removeprefix("${configDir}/")
        place = own.files.place(inside(path.rpartition("/")[0], text))
        wrap = place.wrap
        if not place.is_found and not text.startswith("."):
            found = own.packages.resolve(text, path)
            wrap = None if found is None else found.wrap
        return None if wrap is None else Meant(wrap, reference.module)

    return meant


def metadata_resolver(world: World) -> Resolve:
    """Return what resolves the dependencies and paths that a ``package.json`` names."""
    packages = Packages(world, Files(world))

    def meant(reference: Reference, path: str) -> Meant | None:
        found = world.common.meant(reference, path)
        if found is not None or reference.form != "build":
            return found
        place = packages.resolve(reference.module, path)
        wrap = None if place is None else place.wrap
        return None if wrap is None else Meant(wrap, reference.module)

    return meant
