# SPDX-License-Identifier: Apache-2.0
"""``site-packages`` of virtual environments: METADATA of each ``.dist-info`` (PyPA core metadata).

``License-Expression`` (PEP 639) counts first, then a short ``License``, then the classifiers.
"""

import re
from collections.abc import Iterable, Iterator

from coreline.sources.installed.files import Said, Wanted, folders, names_in, read_file

PLACES = (".venv", "venv", "env", "__pypackages__")

_FIELD = re.compile(r"^(License-Expression|License|Classifier): (.*(?:\n[ \t|].*)*)", re.MULTILINE)
_SHORT = 120


def read(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield what the distributions of a virtual environment say."""
    by_name = {_normal(one.name): one for one in wanted}
    sites = [*folders(place, "lib", "*", "site-packages"), *folders(place, "Lib", "site-packages")]
    for site in [*sites, *folders(place, "*", "lib")]:
        for name in names_in(site):
            one = by_name.get(_normal(name.partition("-")[0]))
            if one is not None and name.endswith(".dist-info"):
                data = read_file(f"{site}/{name}/METADATA")
                said = "" if data is None else _license(data)
                if said:
                    yield one, Said(said, "")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _license(data: bytes) -> str:
    # The description comes after an empty line and is no field.
    head = data.decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")[0]
    fields = _FIELD.findall(head)
    for key in ("License-Expression", "License"):
        for name, value in fields:
            if name == key and len(value) < _SHORT and value.strip().lower() not in _NOTHING:
                return str(value).strip()
    licenses = [value for name, value in fields if name == "Classifier" if value[:9] == "License :"]
    precise = [value for value in licenses if value.count(" :: ") > 1] or licenses
    # Several classifiers may be a choice or a sum, and nothing says which.
    return precise[0].strip() if len(precise) == 1 else ""


_NOTHING = ("", "unknown", "none", "license", "dual license", "see license")
