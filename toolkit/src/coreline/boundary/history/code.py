# SPDX-License-Identifier: Apache-2.0
"""Which files count as code when the shares of the two sides are measured.

Only programs and the pages and styles that are written with them: data, translations, pictures
and prose would drown them. The list is fixed, so that shares of different releases compare.
"""

_SUFFIXES = """
    .bash .c .cc .cjs .clj .cljs .cpp .cs .css .cxx .dart .elm .erl .ex .exs .fs .go .groovy .h
    .haml .hcl .hpp .hs .htm .html .hxx .java .jl .js .jsx .kt .kts .less .lua .m .mjs .ml .mm .mts
    .cts .php .pl .pm .proto .ps1 .py .pyi .pyx .r .rb .rs .sass .scala .scss .sh .slim .sql .svelte
    .swift .tf .ts .tsx .vue .zig
"""
_CODE = frozenset(_SUFFIXES.split())


def is_code(path: str) -> bool:
    """Whether a file counts as code, by the suffix of its name."""
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    return dot > 0 and name[dot:].lower() in _CODE
