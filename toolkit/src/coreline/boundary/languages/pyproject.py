# SPDX-License-Identifier: Apache-2.0
"""``pyproject.toml``: the license of a package, what it needs, and its entry points."""

from collections.abc import Iterator

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.packages import Metadata, facts_of, requirement_names, unreadable


def _extract(source: Source) -> FileFacts:
    import tomllib

    try:
        data = tomllib.loads(source.data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return unreadable(source, "TOML")
    project = _table(data, "project")
    needed = [*_texts(project.get("dependencies"))]
    needed += _texts(_table(data, "build-system").get("requires"))
    groups = [*_table(project, "optional-dependencies").values()]
    groups += _table(data, "dependency-groups").values()
    poetry = _table(_table(data, "tool"), "poetry")
    main = _table(poetry, "dependencies")
    needed += [name for name in main if not _table(main, name).get("optional")]
    of_groups = (_table(one, "dependencies") for one in _tables(_table(poetry, "group")))
    extra = [name for name in main if _table(main, name).get("optional")]
    extra += [name for one in (_table(poetry, "dev-dependencies"), *of_groups) for name in one]
    return facts_of(
        source,
        Metadata(
            licenses=tuple(_licenses(data, project)),
            needed=tuple(requirement_names(needed)),
            optional=tuple(
                requirement_names([*(t for one in groups for t in _texts(one)), *extra])
            ),
        ),
    )


def _licenses(data: dict[str, object], project: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Yield what the keys of PEP 621, PEP 639 and Poetry say of the license."""
    poetry = _table(_table(data, "tool"), "poetry")
    for name, table in (("project", project), ("tool.poetry", poetry)):
        value = table.get("license")
        if isinstance(value, dict):
            value = value.get("text")
        if isinstance(value, str) and "\n" not in value.strip():
            yield f"{name}.license", value.strip()
        for text in _texts(table.get("classifiers")):
            if text.startswith("License ::"):
                yield f"{name}.classifiers", text


def _table(data: dict[str, object], key: str) -> dict[str, object]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _tables(table: dict[str, object]) -> list[dict[str, object]]:
    return [_table(table, key) for key in table]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, str))


LANGUAGE = Language(
    name="pyproject",
    sentence="The license, the dependencies and the entry points of a Python package.",
    version=2,
    extract=_extract,
    examples=(
        Example(
            '[project]\ndependencies = ["acme-ee>=1", "x"]',
            (("build", None, "acme-ee", ()),),
        ),
        Example(
            '[project.optional-dependencies]\nall = ["acme-ee"]',
            (("build", "extra", "acme-ee", ()),),
        ),
        Example('[tool.poetry.dependencies]\nAcme_EE = "*"', (("build", None, "Acme_EE", ()),)),
        Example(
            '[tool.poetry.dependencies]\nacme-ee = {version = "*", optional = true}',
            (("build", "extra", "acme-ee", ()),),
        ),
        Example(
            '[tool.poetry.group.x.dependencies]\nacme-ee = "*"',
            (("build", "extra", "acme-ee", ()),),
        ),
        Example(
            '[project.entry-points."acme.plugins"]\nfleet = "acme_ee.fleet:Plugin"',
            (("build", None, "acme_ee.fleet:Plugin", ()),),
        ),
    ),
    filenames=("pyproject.toml",),
    always=True,
)
