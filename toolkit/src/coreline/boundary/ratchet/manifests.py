# SPDX-License-Identifier: Apache-2.0
"""What two manifests say: features that changed sides, promises and doors that were taken back."""

from collections.abc import Iterator

from coreline.boundary.ratchet.model import Left, State
from coreline.boundary.ratchet.narrowing import narrower
from coreline.manifest.model import MANIFEST_NAME, Feature

_MOVE = "Give it back to the core, or write down why not: a decision record that the feature names."


def left_by_manifest(before: State, after: State) -> Iterator[Left]:
    """Yield what the manifest of the later state takes from the core."""
    old, new = before.parsed.manifest, after.parsed.manifest
    for name, feature in old.features.items():
        if feature.side == "core":
            yield from _feature(before, after, name, feature)
    if (old.core.promise, new.core.promise) == ("loose", "standalone"):
        yield _said(
            after,
            ("core", "promise"),
            "The promise was lowered from loose to standalone.",
            "Promise what was promised before.",
            about=("promise", "standalone"),
        )
    yield from _license(before, after)
    for door in old.core.doors:
        if door not in new.core.doors:
            yield _said(
                after,
                ("core", "doors"),
                f"The door {door} is no longer promised.",
                "Keep it: wraps of others may hang on it.",
                about=(door, door.partition(":")[2] or door),
            )


def _feature(before: State, after: State, name: str, old: Feature) -> Iterator[Left]:
    new = after.parsed.manifest.features.get(name)
    key = ("features", name)
    if new is None:
        yield _said(
            after, (), f"The feature {name} of the core is no longer in the manifest.", _MOVE,
            feature=name,
        )  # fmt: skip
        return
    if new.side == "wrap":
        yield _said(
            after, (*key, "side"), f"The feature {name} left the core for the wrap.", _MOVE,
            feature=name,
        )  # fmt: skip
        return
    for word in ("primary", "critical"):
        if getattr(old, word) and not getattr(new, word):
            yield _said(
                after,
                key,
                f"The feature {name} is no longer called {word}.",
                f"What is {word} stays in the core; say so again.",
                feature=name,
            )
    if new.paths and _is_there(before, name) and not _is_there(after, name):
        yield _said(
            after,
            (*key, "paths"),
            f"The feature {name} is gone: its paths match no file any more.",
            "Bring it back, or correct the paths where it was moved inside the core.",
            feature=name,
            touched=tuple(path for path in before.blobs if _is_of(before, path, name))[:50],
        )


def _is_there(state: State, feature: str) -> bool:
    return any(_is_of(state, path, feature) for path in state.blobs)


def _is_of(state: State, path: str, feature: str) -> bool:
    return any(claim.feature == feature for claim in state.line.matching(path))


def _license(before: State, after: State) -> Iterator[Left]:
    old, new = before.parsed.manifest.core.spdx, after.parsed.manifest.core.spdx
    steps = narrower(old, new)
    if steps is not None:
        yield _said(
            after,
            ("core", "spdx"),
            f"The license of the core got narrower: {old} ({steps[0].name}) became {new} "
            f"({steps[1].name}).",
            "What was given stays given; a new license needs a decision record that names it.",
            about=(new,),
        )


def _said(
    state: State,
    key: tuple[str, ...],
    message: str,
    hint: str,
    *,
    feature: str | None = None,
    about: tuple[str, ...] = (),
    touched: tuple[str, ...] = (),
) -> Left:
    parsed = state.parsed
    line = parsed.position(key).line if key else 1
    rows = parsed.text.splitlines()
    return Left(
        message=message,
        hint=hint,
        path=MANIFEST_NAME,
        line=line,
        names=(feature,) if feature else about[:1],
        text=rows[line - 1] if key and len(rows) >= line else "",
        feature=feature,
        about=about or ((feature,) if feature else ()),
        touched=touched or (MANIFEST_NAME,),
        shown_by="removed" if touched else "manifest",
    )
