# SPDX-License-Identifier: Apache-2.0
"""What is primary or critical is in the core, and what the manifest says of features is there."""

from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.model import Finding
from coreline.boundary.subject import Subject
from coreline.manifest.claims import Claim
from coreline.manifest.model import MANIFEST_NAME, Feature

_MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
[features.login]
side = "core"
primary = true
critical = true
paths = ["src/login/**"]
"""


def _run(subject: Subject) -> Iterator[Finding]:
    for name, feature in subject.manifest.features.items():
        if feature.side == "core":
            yield from _core_feature(subject, name, feature)
        elif feature.primary or feature.critical:
            yield _in_wrap(subject, name, feature, ("features", name, "side"))
        if feature.decision is not None and feature.decision not in subject.claims:
            yield _without_decision(subject, name, feature.decision)


def _core_feature(subject: Subject, name: str, feature: Feature) -> Iterator[Finding]:
    if not feature.paths:
        return
    outcomes = [
        outcome
        for numbers, outcome in subject.line.outcomes.items()
        if any(subject.line.claims[number].feature == name for number in numbers)
    ]
    if not outcomes:
        yield _nowhere(subject, name)
    taken = [one for one in outcomes if isinstance(one, Claim) and one.side == "wrap"]
    if taken and (feature.primary or feature.critical):
        yield _in_wrap(subject, name, feature, taken[0].key)


def _in_wrap(subject: Subject, name: str, feature: Feature, key: tuple[str | int, ...]) -> Finding:
    word = "critical" if feature.critical else "primary"
    return Finding(
        check="features",
        path=MANIFEST_NAME,
        line=subject.parsed.position(key).line,
        kind="feature",
        names=(name,),
        message=f"The {word} feature {name} is, in whole or in part, in the wrap.",
        hint="Move it to the core: without it nobody can use the core.",
        grade="tight",
        text=subject.manifest_line(key),
    )


def _nowhere(subject: Subject, name: str) -> Finding:
    key = ("features", name, "paths")
    return Finding(
        check="features",
        path=MANIFEST_NAME,
        line=subject.parsed.position(key).line,
        kind="feature",
        names=(name,),
        message=f"The core feature {name} is nowhere: its paths match no file.",
        hint="Correct the paths, or remove the feature.",
        text=subject.manifest_line(key),
    )


def _without_decision(subject: Subject, name: str, path: str) -> Finding:
    key = ("features", name, "decision")
    return Finding(
        check="features",
        path=MANIFEST_NAME,
        line=subject.parsed.position(key).line,
        kind="decision",
        names=(path,),
        message=f"The decision about {name} is not there: {path} does not exist.",
        hint="Write the decision down there, or correct the path.",
        text=subject.manifest_line(key),
    )


CHECK = Check(
    name="features",
    sentence="What is primary or critical is in the core, and every core feature is somewhere.",
    run=_run,
    follows="paths",
    kept={MANIFEST_NAME: _MANIFEST, "src/login/form.py": ""},
    broken={MANIFEST_NAME: _MANIFEST, "src/app.py": ""},
    path=MANIFEST_NAME,
    kind="feature",
)
