# SPDX-License-Identifier: Apache-2.0
"""The reference page of signals, rendered from their own sentences and examples."""

from collections.abc import Iterator

from coreline.extensions import load
from coreline.proposal import signals
from coreline.proposal.model import Signal

_INTRODUCTION = """\
<!-- Written by docs/generate.py from coreline.proposal.signals: change it there. -->

# Signals of `coreline init`

By these signs `coreline init` proposes which side a folder or a file is on. A signal is one file in
`coreline/proposal/signals/`, or an entry point of the group `coreline.proposal.signals`. Each
example shows the files of a small repository and what the signal alone says of it; an empty name
is a wrap that it cannot name.
"""


def render() -> str:
    """Return the page, in Markdown."""
    found = load(signals, "SIGNAL", Signal)
    return _INTRODUCTION + "".join(part for signal in found for part in _section(signal))


def _section(signal: Signal) -> Iterator[str]:
    yield f"\n## {signal.name}\n\n{signal.sentence}\n\n"
    yield "| path | content | side |\n|---|---|---|\n"
    folders = [path for path in signal.example.says if path not in signal.example.files]
    for path in sorted([*signal.example.files, *folders]):
        content = " ".join(signal.example.files.get(path, "").split()).replace("|", "\\|")
        shown = f"`` {content} ``" if content else ""
        yield f"| `{path}` | {shown} | {_side(signal.example.says.get(path))} |\n"


def _side(said: str | None) -> str:
    if said is None or said == "core":
        return said or ""
    return f"wrap `{said}`" if said else "wrap"
