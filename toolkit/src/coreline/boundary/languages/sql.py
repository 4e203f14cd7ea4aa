# SPDX-License-Identifier: Apache-2.0
"""SQL: the scripts that another one includes. Tables that only a wrap creates are found as names.

A schema is no module, whatever it is called: ``ee.fleet`` in a query refers to no file.
"""

import re

from msgspec.structs import replace

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.tokens import tokens

# The commands of psql, mysql, SQLite and SQL*Plus that run another script.
_INCLUDE = re.compile(r"\s*(?:\\i[r]?|\\include(?:_relative)?|\\\.|source|\.read|@@?)\s*\S", re.I)


def _extract(source: Source) -> FileFacts:
    return FileFacts(
        references=tuple(
            replace(one, needed=True)
            for one in tokens(source)
            if one.form == "path" and _INCLUDE.match(one.text)
        )
    )


LANGUAGE = Language(
    name="sql",
    sentence="Scripts that are included; tables that a wrap creates are names.",
    version=1,
    extract=_extract,
    examples=(
        Example("\\i ee/fleet.sql", (("path", None, "ee/fleet.sql", ()),)),
        Example("\\ir '../ee/fleet.sql'", (("path", None, "../ee/fleet.sql", ()),)),
        Example("SELECT ee.fleet() FROM acme_ee; -- see ee/fleet.sql"),
    ),
    suffixes=frozenset([".sql"]),
    is_query=True,
)
