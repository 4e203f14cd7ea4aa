# SPDX-License-Identifier: Apache-2.0
"""What reading the files adds to a proposal: gates, look-up helpers, names that a wrap defines."""

from coreline.extensions import load
from coreline.manifest.parse import parse_manifest
from coreline.proposal import signals
from coreline.proposal.model import Signal
from coreline.proposal.outcome import Outcome, try_out
from coreline.proposal.proposal import propose
from coreline.proposal.survey import survey_of
from coreline.sources.tree import MemoryTree

HELPER = """\
import importlib

def versioned(module):
    try:
        return importlib.import_module("ee." + module)
    except ImportError:
        return importlib.import_module(module)
"""
FILES = {
    "LICENSE": "MIT License",
    "ee/LICENSE": "The Acme Enterprise License",
    "ee/__init__.py": "",
    "ee/acme/__init__.py": "",
    "ee/acme/api.py": "def setup(settings):\n    settings.FLEET_SIZE_MAX = 3\n",
    "acme/__init__.py": "",
    "acme/helper.py": HELPER,
    "acme/license.py": "def is_premium():\n    return license.valid\n",
    "acme/app.py": "versioned('acme.api')\nx = settings.FLEET_SIZE_MAX\nis_premium()\n",
}


def outcome(files: dict[str, str]) -> Outcome:
    found = {signal.name: signal for signal in load(signals, "SIGNAL", Signal)}
    return try_out(MemoryTree(files), propose(survey_of(files, folder="acme"), found))


def test_what_was_discovered_is_declared_and_checked() -> None:
    made = outcome(FILES)
    manifest = parse_manifest(made.text).manifest
    assert manifest.core.gates == ["is_premium"]
    (wrap,) = manifest.wraps.values()
    assert [(one.call, one.core, one.wrap) for one in wrap.lookups] == [("versioned", "", "ee")]
    assert wrap.names == ["FLEET_SIZE_MAX"]
    assert "acme/helper.py:3" in made.text
    assert "acme/license.py:1" in made.text
    app = [(one.line, one.kind) for one in made.report.findings if one.path == "acme/app.py"]
    assert app == [(1, "lookup"), (2, "name"), (3, "gate")]


def test_nothing_is_declared_where_nothing_was_discovered() -> None:
    made = outcome({"LICENSE": "MIT License", "acme/app.py": "x = 1\n", "ee/LICENSE": "Acme"})
    assert all(f"{key} =" not in made.text for key in ("gates", "lookups", "names"))
