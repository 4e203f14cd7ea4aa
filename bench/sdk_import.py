# SPDX-License-Identifier: Apache-2.0
"""Importing the SDK costs at most 15 ms of CPU over bare Python; the first verification apart.

``import coreline_sdk`` brings no cryptography: that comes with the first question. Both are shown,
and what importing PyJWT and the OpenFeature SDK costs in the same run.
"""

import sys
import tempfile
from pathlib import Path

from bench.gate import forty_features
from bench.measure import claim, in_turn, median, row, run

FIRST_QUESTION = """
import sys
from pathlib import Path
from coreline_sdk import Coreline
license_ = Coreline("bench", Path(sys.argv[1]), [sys.argv[2]])
assert license_.entitled("feature-20")
"""


def _milliseconds(code: str, *arguments: str) -> float:
    return run([sys.executable, "-c", code, *arguments]).cpu_seconds * 1000


def main() -> None:
    """Measure whole processes, many of them, in turn."""
    issued, root = forty_features()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "license.txt"
        path.write_text(issued.armor, encoding="utf-8")
        bare, ours, first, crypto, peer, flags = in_turn(
            lambda: _milliseconds("pass"),
            lambda: _milliseconds("import coreline_sdk"),
            lambda: _milliseconds(FIRST_QUESTION, str(path), root),
            lambda: _milliseconds("import cryptography.hazmat.primitives.asymmetric.ed25519"),
            lambda: _milliseconds("import jwt"),
            lambda: _milliseconds("import openfeature.api"),
            rounds=25,
        )
    row("python -c pass", bare, "ms CPU")
    row("import coreline_sdk", ours, "ms CPU")
    row("import, read and verify, ask", first, "ms CPU")
    row("import cryptography (ed25519)", crypto, "ms CPU")
    row("import jwt", peer, "ms CPU")
    row("import openfeature.api", flags, "ms CPU")
    over = median(ours) - median(bare)
    claim("import coreline_sdk over bare Python, ms of CPU", over, 15, at_most=True)


if __name__ == "__main__":
    main()
