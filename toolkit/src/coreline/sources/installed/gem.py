# SPDX-License-Identifier: Apache-2.0
"""Gems that Bundler put beside the lock: the specifications that RubyGems writes for them."""

import re
from collections.abc import Iterable, Iterator

from coreline.sources.installed.files import Said, Wanted, folders, names_in, read_file

PLACES = ("vendor/bundle", ".bundle/gems")

# RubyGems writes: s.licenses = ["MIT".freeze, "Apache-2.0".freeze]
_LICENSES = re.compile(r"^\s*\w+\.licenses? = (\[[^\]\n]*\]|\"[^\"\n]*\")", re.MULTILINE)
_TEXT = re.compile(r"[\"']([^\"'\n]+)[\"']")


def read(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield what the gems below a folder of Bundler say."""
    by_file = {f"{one.name}-{one.version}": one for one in wanted}
    for folder in folders(place, "ruby", "*", "specifications"):
        for name in names_in(folder):
            stem = name.removesuffix(".gemspec")
            # A gem of one platform has that after its version.
            one = by_file.get(stem) or by_file.get("-".join(stem.split("-")[:2]))
            data = read_file(f"{folder}/{name}") if one is not None else None
            match = None if data is None else _LICENSES.search(data.decode("utf-8", "replace"))
            if one is not None and match is not None and _TEXT.search(match[1]):
                # The reference of gem specifications: several licenses are a choice.
                yield one, Said(" OR ".join(_TEXT.findall(match[1])), "")
