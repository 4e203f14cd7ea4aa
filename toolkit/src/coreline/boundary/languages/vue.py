# SPDX-License-Identifier: Apache-2.0
"""Single-file components of Vue: scripts, assets in the template, styles."""

from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.markup import component

    return component(source, sources_are_imports=True)


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import resolver

    return resolver(world)


LANGUAGE = Language(
    name="vue",
    sentence="The scripts, assets and styles of a Vue component.",
    version=3,
    extract=_extract,
    examples=(
        Example(
            '<template>\n  <p>ee</p>\n</template>\n<script>\nimport x from "@/ee/x"\n</script>\n',
            (("static", None, "@/ee/x", ("default",)),),
        ),
        Example(
            '<script setup lang="ts">import type { A } from "./ee"</script>',
            (("type-only", None, "./ee", ("A",)),),
        ),
        Example('<script src="./ee/x.js"></script>', (("static", None, "./ee/x.js", ()),)),
        Example(
            '<template><img src="~/ee/x.svg"/><a href="/ee/x">x</a></template>',
            (("static", None, "~/ee/x.svg", ()),),
        ),
        Example(
            "<template><x :is=\"require('./ee/x')\"/></template>",
            (("static", None, "./ee/x", ()),),
        ),
        Example(
            '<style lang="scss">\n@import "../ee/x";\n</style>', (("static", None, "../ee/x", ()),)
        ),
        Example('<!-- <script>import "./ee"</script> -->\n<script>// import "./ee"\n</script>'),
    ),
    suffixes=frozenset([".vue"]),
    resolver=_resolver,
)
