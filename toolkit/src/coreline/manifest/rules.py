# SPDX-License-Identifier: Apache-2.0
"""What must hold between the values of a manifest: one small function for each rule.

A rule takes a manifest whose values have the right shape and yields mistakes. It does not know
lines and columns: it names keys, and ``parse`` says where they stand. A rule on single texts is
in ``texts``.
"""

import re
from collections.abc import Callable, Iterator

from coreline.manifest.builds import BUILD_RULES
from coreline.manifest.globs import canonical
from coreline.manifest.model import Manifest
from coreline.manifest.problems import Key, Mistake
from coreline.manifest.texts import TEXT_RULES, is_inside
from coreline.manifest.words import nearest, quoted

Rule = Callable[[Manifest], Iterator[Mistake]]


def find_mistakes(manifest: Manifest, exists: Callable[[str], bool] | None) -> list[Mistake]:
    """Return every mistake of a manifest whose values have the right shape.

    Args:
        manifest: the values.
        exists: whether a path of the repository is a file; None where that cannot be known.
    """
    mistakes = [mistake for rule in (*TEXT_RULES, *RULES) for mistake in rule(manifest)]
    if exists is not None:
        mistakes += missing_decisions(manifest, exists)
    return mistakes


def overlapping_claims(manifest: Manifest) -> Iterator[Mistake]:
    """A glob belongs to one side, one wrap, and at most one feature, however it is spelled."""
    first: dict[str, tuple[str, str | None, Key]] = {}
    for owner, feature, pattern, key in _claims(manifest):
        known = first.setdefault(canonical(pattern), (owner, feature, key))
        if known[0] == owner and (feature is None or known[1] in (None, feature)):
            if feature is not None:
                first[canonical(pattern)] = (owner, feature, known[2])
            continue
        here, there = _named(owner, feature), _named(*known[:2])
        yield Mistake(
            "claims-overlap",
            key,
            f"{quoted(pattern)} is claimed by {here} here and by {there}",
            "Give it to one of them, or let one claim say more (a folder, a suffix).",
            needs=(known[2], *_owner_keys(key), *_owner_keys(known[2])),
            other=known[2],
        )


def _claims(manifest: Manifest) -> Iterator[tuple[str, str | None, str, Key]]:
    """Yield owner, feature, pattern and key of each claim."""
    for index, pattern in enumerate(manifest.core.paths):
        yield "the core", None, pattern, ("core", "paths", index)
    for name, wrap in manifest.wraps.items():
        for index, pattern in enumerate(wrap.paths):
            yield f"wrap {name}", None, pattern, ("wraps", name, "paths", index)
    only = next(iter(manifest.wraps)) if len(manifest.wraps) == 1 else None
    for name, feature in manifest.features.items():
        owner = "the core" if feature.side == "core" else f"wrap {feature.wrap or only}"
        for index, pattern in enumerate(feature.paths):
            yield owner, name, pattern, ("features", name, "paths", index)


def _named(owner: str, feature: str | None) -> str:
    return owner if feature is None else f"feature {feature} of {owner}"


def _owner_keys(key: Key) -> tuple[Key, ...]:
    """Return the keys that say whose a claim is."""
    return ((*key[:2], "side"), (*key[:2], "wrap")) if key[0] == "features" else ()


def wrong_side(manifest: Manifest) -> Iterator[Mistake]:
    """What the primary use needs, and what nearly all software needs, is core."""
    for name, feature in manifest.features.items():
        if feature.side == "core":
            continue
        side: Key = ("features", name, "side")
        hint = 'Write side = "core", or take another look at what it is.'
        if feature.primary:
            yield Mistake(
                "primary-in-wrap",
                side,
                f"Feature {name} is part of the primary use, and in the wrap.",
                hint,
                needs=(("features", name, "primary"),),
            )
        if feature.critical:
            yield Mistake(
                "critical-in-wrap",
                side,
                f"Feature {name} is critical, and in the wrap.",
                hint,
                needs=(("features", name, "critical"),),
            )


def no_primary(manifest: Manifest) -> Iterator[Mistake]:
    """Features without a primary one leave open what the core must be able to do.

    An open core is one whose *primary* functionality is open; where the vendor lists features
    and none is primary, that promise is about nothing, and no rule could be broken. A manifest
    that lists no feature at all promises by its paths alone, and is right.
    """
    features = manifest.features
    if features and not any(feature.primary for feature in features.values()):
        yield Mistake(
            "primary-missing",
            ("features",),
            "No feature is primary, so nothing says what the core must be able to do.",
            'Mark what the primary use needs: side = "core" and primary = true.',
            on_key=True,
            needs=tuple(("features", name, "primary") for name in features),
        )


def wrap_of_feature(manifest: Manifest) -> Iterator[Mistake]:
    """A wrap feature is in one known wrap, a core feature in none."""
    wraps = manifest.wraps
    for name, feature in manifest.features.items():
        key: Key = ("features", name, "wrap")
        side: tuple[Key, ...] = (("features", name, "side"),)
        if feature.side == "core" and feature.wrap is not None:
            yield Mistake(
                "core-feature-names-wrap",
                key,
                f"Feature {name} is core, and names the wrap {feature.wrap}.",
                'Leave the key out, or write side = "wrap".',
                needs=side,
            )
        elif feature.side == "wrap" and feature.wrap is not None and feature.wrap not in wraps:
            yield Mistake(
                "wrap-unknown",
                key,
                f"There is no wrap {feature.wrap}.",
                _choose(feature.wrap, wraps, "wraps"),
                needs=(*side, ("wraps", feature.wrap)),
            )
        elif feature.side == "wrap" and feature.wrap is None and len(wraps) != 1:
            many = bool(wraps)
            yield Mistake(
                "wrap-missing",
                ("features", name),
                f"Feature {name} is in the wrap, and "
                + ("does not say in which." if many else "the manifest has no wrap."),
                f'Add wrap = "…", one of {", ".join(wraps)}.' if many else "Add [wraps.NAME].",
                on_key=True,
                needs=(*side, key, ("wraps",), *(("wraps", one) for one in wraps)),
            )


def undescribed(manifest: Manifest) -> Iterator[tuple[str, Key]]:
    """Yield the features that an edition sells and no table describes, where that is no mistake.

    Where there is one wrap, a sold feature can be nothing but a part of it. A name close to a
    described one is a typo all the same.
    """
    if len(manifest.wraps) != 1:
        return
    for name, edition in manifest.editions.items():
        for index, feature in enumerate(edition.features):
            if feature in manifest.features or not re.fullmatch(
                "[a-z0-9][a-z0-9_-]{0,63}", feature
            ):
                continue
            if nearest(feature, manifest.features) is None:
                yield feature, ("editions", name, "features", index)


def editions(manifest: Manifest) -> Iterator[Mistake]:
    """An edition sells features of the wrap, each once."""
    implied = {feature for feature, _ in undescribed(manifest)}
    for name, edition in manifest.editions.items():
        for index, feature in enumerate(edition.features):
            key: Key = ("editions", name, "features", index)
            known = manifest.features.get(feature)
            if known is None and feature not in implied:
                yield Mistake(
                    "feature-unknown",
                    key,
                    f"There is no feature {feature}.",
                    _choose(feature, manifest.features, "features"),
                    needs=(("features", feature),),
                )
            elif known is not None and known.side == "core":
                yield Mistake(
                    "edition-sells-core",
                    key,
                    f"Edition {name} sells {feature}, which is core and so free to all.",
                    "Leave it out: the feature matrix lists core features by itself.",
                    needs=(("features", feature, "side"),),
                )
            if feature in edition.features[:index]:
                yield Mistake(
                    "feature-repeated",
                    key,
                    f"Edition {name} names {feature} twice.",
                    "Leave out one of them.",
                )


def segments(manifest: Manifest) -> Iterator[Mistake]:
    """A segment that is named is described."""
    named: list[tuple[Key, str | None]] = [
        (("features", name, "segment"), feature.segment)
        for name, feature in manifest.features.items()
    ]
    named += [
        (("editions", name, "segment"), edition.segment)
        for name, edition in manifest.editions.items()
    ]
    for key, segment in named:
        if segment is not None and segment not in manifest.segments:
            yield Mistake(
                "segment-unknown",
                key,
                f"There is no segment {segment}.",
                _choose(segment, manifest.segments, "segments"),
                needs=(("segments", segment),),
            )


def shared_names(manifest: Manifest) -> Iterator[Mistake]:
    """A module belongs to one wrap; a package is built from one side."""
    modules: dict[str, tuple[str, Key]] = {}
    packages: dict[str, tuple[str, Key]] = {}
    for index, package in enumerate(manifest.core.packages):
        packages[normalized(package)] = ("the core", ("core", "packages", index))
    for wrap, table in manifest.wraps.items():
        for index, module in enumerate(table.modules):
            known = modules.setdefault(module, (f"wrap {wrap}", ("wraps", wrap, "modules", index)))
            if known[0] != f"wrap {wrap}":
                yield _shared("module", module, ("wraps", wrap, "modules", index), *known)
        for index, package in enumerate(table.packages):
            key: Key = ("wraps", wrap, "packages", index)
            known = packages.setdefault(normalized(package), (f"wrap {wrap}", key))
            if known[0] != f"wrap {wrap}":
                yield _shared("package", package, key, *known)


def _shared(what: str, name: str, key: Key, owner: str, other: Key) -> Mistake:
    message = f"The {what} {quoted(name)} is given to wrap {key[1]} here and to {owner}"
    hint = f"A {what} is on one side: give it to one of them."
    if what == "module":
        return Mistake("module-shared", key, message, hint, needs=(other,), other=other)
    return Mistake("package-shared", key, message, hint, needs=(other,), other=other)


def normalized(package: str) -> str:
    """Return the name that a package index knows a package by (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def missing_decisions(manifest: Manifest, exists: Callable[[str], bool]) -> Iterator[Mistake]:
    """A decision that is named can be read."""
    for name, feature in manifest.features.items():
        path = feature.decision
        if path is not None and is_inside(path) and not exists(path):
            yield Mistake(
                "decision-missing",
                ("features", name, "decision"),
                f"There is no file {path}.",
                "Write the decision down there, or correct the path.",
            )


def _choose(name: str, known: object, table: str) -> str:
    """Return what to write instead of a name that is not known."""
    names = list(known) if isinstance(known, dict) else []
    near = nearest(name, names)
    if near:
        return f'Write "{near}", or add [{table}.{name}].'
    return f"Add [{table}.{name}]" + (f", or write one of {', '.join(names)}." if names else ".")


RULES: tuple[Rule, ...] = (
    overlapping_claims,
    wrong_side,
    no_primary,
    wrap_of_feature,
    editions,
    segments,
    shared_names,
    *BUILD_RULES,
)
