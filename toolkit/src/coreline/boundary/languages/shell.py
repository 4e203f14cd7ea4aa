# SPDX-License-Identifier: Apache-2.0
"""Shell scripts: what their commands take from a wrap, and under which guard."""

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.scripts import extract

    return extract(source)


LANGUAGE = Language(
    name="shell",
    sentence="What the commands of a script copy, install, source and test of a wrap.",
    version=1,
    grammar=("tree_sitter_bash", "language"),
    extract=_extract,
    examples=(
        Example("cp -r ee/fleet /app\n", (("build", None, "ee/fleet", ()),)),
        Example("cd ee && npm ci\n", (("build", None, "ee/", ()),)),
        Example("EE=./ee\npip install $EE\n", (("build", None, "./ee", ()),)),
        Example(
            "if [ -d ee/x ]; then\n  cp ee/x /app\nfi\n",
            (("path", "probe", "ee/x", ()), ("build", "probe", "ee/x", ())),
        ),
        Example('[ -n "$WITH_EE" ] && make -C ee\n', (("build", "flag WITH_EE", "ee/", ()),)),
        Example("pip install ./ee || true\n", (("build", "try", "./ee", ()),)),
        Example("pip install ./ee || exit 1\n", (("build", None, "./ee", ()),)),
        Example("# cp ee/x .\nrm -rf ee/x\necho ee/\nrsync -a --exclude=ee/ . /x\n"),
        Example("mytool ee/x\n", (("path", None, "ee/x", ()),)),
    ),
    suffixes=frozenset([".sh", ".bash", ".zsh", ".ksh"]),
    interpreters=frozenset(["sh", "bash", "dash", "zsh", "ksh", "ash"]),
    filenames=("entrypoint", "docker-entrypoint", "build", "configure", "procfile", "procfile.*"),
    always=True,
    resolver=resolver,
)
