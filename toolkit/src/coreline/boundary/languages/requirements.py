# SPDX-License-Identifier: Apache-2.0
"""Requirements files of pip: distributions of a wrap among them."""

from msgspec.structs import replace

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.locking import facts_of as locked
from coreline.boundary.locks.requirements_lock import LOCK
from coreline.boundary.packages import Metadata, facts_of, requirement_names


def _extract(source: Source) -> FileFacts:
    lines = source.data.decode("utf-8", "replace").splitlines()
    facts = facts_of(source, Metadata(needed=tuple(requirement_names(lines))))
    # Imported only where a file names a wrap, as parsers are.
    from coreline.boundary.builds.requirement_paths import paths
    from coreline.boundary.builds.words import in_order

    taken = paths(source)
    told = {one.line for one in taken}
    others = [one for one in facts.references if one.needed or one.line not in told]
    references = in_order([*taken, *others])
    return replace(facts, references=references, packages=locked(source, LOCK).packages)


LANGUAGE = Language(
    name="requirements",
    sentence="Distributions of a wrap that a requirements file asks for.",
    version=5,
    extract=_extract,
    examples=(
        Example("Acme.EE\n", (("build", None, "Acme.EE", ()),)),
        Example("x==1\nacme-ee==2  # the wrap\n", (("build", None, "acme-ee", ()),)),
        Example("# acme-ee\n-e ./ee\n", (("build", None, "./ee", ()),)),
        Example("-r ee/requirements.txt\n", (("build", None, "ee/requirements.txt", ()),)),
        Example("x @ file:./ee\n", (("build", None, "./ee", ()),)),
    ),
    filenames=(
        *("requirements*.txt", "requirements*.in", "constraints*.txt"),
        *("*requirements.txt", "*requirements.in", "requirements/*.txt", "requirements/*.in"),
    ),
    always=True,
)
