# SPDX-License-Identifier: Apache-2.0
"""PHP: uses and what is done with them, qualified names, included files, and class names."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, guarding, resolving

_USE = "<?php use acme_ee\\Fleet;\n"

LANGUAGE = Language(
    name="php",
    sentence="Uses and what is done with them, qualified names, included files, class names.",
    version=1,
    extract=extracting("coreline.boundary.php.extract"),
    define=defining("coreline.boundary.php.resolve"),
    resolver=resolving("coreline.boundary.php.resolve"),
    suffixes=frozenset([".php", ".phtml"]),
    grammar=("tree_sitter_php", "language_php"),
    guard=guarding("coreline.boundary.php.extract"),
    examples=(
        Example(f"{_USE}new Fleet();", (("static", None, "acme_ee\\Fleet", ()),)),
        Example(
            "<?php use acme_ee\\Fleet as F;\nfunction f() { return F::x(); }",
            (("static", None, "acme_ee\\Fleet", ()),),
        ),
        Example("<?php use function acme_ee\\go;\ngo();", (("static", None, "acme_ee\\go", ()),)),
        Example(
            "<?php use acme_ee\\{A, b\\C as D};\nA::x(); new D();",
            (("static", None, "acme_ee\\A", ()), ("static", None, "acme_ee\\b\\C", ())),
        ),
        Example(
            f"{_USE}function f(Fleet $a): ?Fleet {{ return $a instanceof Fleet ? $a : null; }}",
            (("type-only", None, "acme_ee\\Fleet", ()),),
        ),
        Example(
            f"{_USE}if (class_exists(Fleet::class)) {{ new Fleet(); }}",
            (("static", "flag class_exists(Fleet::class)", "acme_ee\\Fleet", ()),),
        ),
        Example(
            f"{_USE}if (class_exists(Other::class)) {{ new Fleet(); }}",
            (("static", None, "acme_ee\\Fleet", ()),),
        ),
        Example(
            f"{_USE}try {{ new Fleet(); }} catch (\\Error $e) {{ }}",
            (("static", "try", "acme_ee\\Fleet", ()),),
        ),
        Example(
            f"{_USE}try {{ new Fleet(); }} catch (\\Exception $e) {{ }}",
            (("static", None, "acme_ee\\Fleet", ()),),
        ),
        Example(
            "<?php function f() { return new \\acme_ee\\Fleet(); }",
            (("local", None, "acme_ee\\Fleet", ()),),
        ),
        Example(
            "<?php function f() { if (getenv('EE')) { \\acme_ee\\Fleet::go(); } }",
            (("local", "flag env EE", "acme_ee\\Fleet", ()),),
        ),
        Example("<?php class A extends \\acme_ee\\B { }", (("static", None, "acme_ee\\B", ()),)),
        Example(
            "<?php require_once __DIR__ . '/../ee/x.php';",
            (("static", None, "./../ee/x.php", ()),),
        ),
        Example(
            "<?php require dirname(__DIR__) . '/ee/x.php';",
            (("static", None, "./../ee/x.php", ()),),
        ),
        Example("<?php include 'ee/x.php';", (("static", None, "ee/x.php", ()),)),
        Example(
            "<?php $a = class_exists('acme_ee\\\\Fleet');",
            (("dynamic", "probe", "acme_ee\\Fleet", ()),),
        ),
        Example("<?php $a = 'acme_ee\\\\Fleet';", (("string", None, "acme_ee\\Fleet", ()),)),
        Example("<?php $a = \\acme_ee\\Fleet::class;", (("string", None, "acme_ee\\Fleet", ()),)),
        Example("<?php // acme_ee\\Fleet\n/** @var \\acme_ee\\Fleet */\n$ee = 'see acme_ee';"),
    ),
)
