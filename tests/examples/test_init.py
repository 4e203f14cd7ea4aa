# SPDX-License-Identifier: Apache-2.0
"""``coreline init`` on the example, its manifest taken away: every file on the side it was on."""

import subprocess
from pathlib import Path

from coreline.cli.demo.example import files, find_example, lay
from coreline.cli.main import run
from coreline.manifest.parse import ParsedManifest, read_manifest

EXAMPLE = find_example(Path(__file__).parent)


def sides(parsed: ParsedManifest, paths: list[str]) -> dict[str, str | None]:
    """Return the side of each path."""
    return {path: parsed.line.side(path) for path in paths}


def test_the_proposed_line_is_the_one_that_the_vendor_drew(tmp_path: Path) -> None:
    lay(EXAMPLE, None, tmp_path)
    manifest = tmp_path / "coreline.toml"
    paths = [path.as_posix() for path in files(tmp_path) if path.name != manifest.name]
    drawn = sides(read_manifest(manifest, repository=tmp_path), paths)
    manifest.unlink()
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "."], check=True)
    assert run(["-C", str(tmp_path), "init", "--write"]) == 0
    proposed = read_manifest(manifest, repository=tmp_path)
    assert sides(proposed, paths) == drawn
    assert proposed.manifest.core.doors == ["entry-point:converge.plugins"]
    assert proposed.manifest.wraps["enterprise"].packages == ["converge-enterprise"]
    assert run(["-C", str(tmp_path), "check"]) == 0
