# SPDX-License-Identifier: Apache-2.0
"""Razor: pages and components of .NET that use namespaces and types of a wrap."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, resolving

LANGUAGE = Language(
    name="razor",
    sentence="Usings and qualified names in pages and components.",
    version=1,
    extract=extracting("coreline.boundary.dotnet.razor"),
    resolver=resolving("coreline.boundary.dotnet.resolve"),
    suffixes=frozenset([".cshtml", ".razor"]),
    examples=(
        Example("@using acme_ee\n<p>@x</p>", (("static", None, "acme_ee", ()),)),
        Example("@model acme_ee.Fleet\n", (("static", None, "acme_ee.Fleet", ()),)),
        Example("@{ var x = acme_ee.Fleet.Go(); }", (("static", None, "acme_ee.Fleet.Go", ()),)),
        Example("@* @using acme_ee *@\n<!-- acme_ee.Fleet -->\n<p>acme_ee</p>"),
    ),
)
