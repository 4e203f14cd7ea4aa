# SPDX-License-Identifier: Apache-2.0
"""``node_modules``, as npm, yarn and Bun fill it, and pnpm's folder of all packages in it."""

from collections.abc import Iterable, Iterator

import msgspec

from coreline.sources.installed.files import Said, Wanted, names_in, read_file

PLACES = ("node_modules",)


class _Package(msgspec.Struct):
    license: object = None
    licenses: object = None


def read(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield what the packages in a ``node_modules`` say."""
    store = f"{place}/.pnpm"
    kept: dict[str, str] = {}
    for name in names_in(store):
        # "@scope+name@1.0.0_peer@2.0.0" and "name@1.0.0(peer)".
        kept.setdefault(_key(name), f"{store}/{name}/node_modules")
    for one in wanted:
        folder = kept.get(f"{one.name}@{one.version}", place)
        data = read_file(f"{folder}/{one.name}/package.json")
        said = "" if data is None else _license(data)
        if said:
            yield one, Said(said, "")


def _key(folder: str) -> str:
    name, at, version = folder[1:].partition("@")
    name = (folder[:1] + name).replace("+", "/", 1)
    return f"{name}{at}{version.split('_')[0].split('(')[0]}"


def _license(data: bytes) -> str:
    try:
        package = msgspec.json.decode(data, type=_Package)
    except (msgspec.MsgspecError, RecursionError):
        return ""
    value = package.license or package.licenses
    values = value if isinstance(value, list) else [value]
    types = [one.get("type") if isinstance(one, dict) else one for one in values]
    return " OR ".join(one for one in types if isinstance(one, str))
