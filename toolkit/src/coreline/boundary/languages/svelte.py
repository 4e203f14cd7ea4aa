# SPDX-License-Identifier: Apache-2.0
"""Components of Svelte: scripts, styles, and modules that expressions ask for."""

from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.markup import component

    return component(source, sources_are_imports=False)


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import resolver

    return resolver(world)


LANGUAGE = Language(
    name="svelte",
    sentence="The scripts and styles of a Svelte component.",
    version=3,
    extract=_extract,
    examples=(
        Example(
            '<script lang="ts">\n  import X from "$lib/ee/X.svelte";\n</script>\n<p>./ee</p>',
            (("static", None, "$lib/ee/X.svelte", ("default",)),),
        ),
        Example(
            '{#await import("./ee/X.svelte") then X}<X/>{/await}',
            (("dynamic", None, "./ee/X.svelte", ()),),
        ),
        Example('<img src="./ee/x.png"><script module>let ee = 1</script>'),
    ),
    suffixes=frozenset([".svelte"]),
    resolver=_resolver,
)
