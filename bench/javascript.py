# SPDX-License-Identifier: Apache-2.0
"""A check of langfuse's web application beside dependency-cruiser and eslint-plugin-boundaries.

All are whole processes that hold the same 3,000 files against the same rule: nothing outside
``src/ee`` refers to it. The peers are installed once, by npm, into the folder that
CORELINE_BENCH_NODE_PEERS names, else into a folder of the bench that is removed at its end.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import claim, corpus, in_turn, median, nothing, row, run

HEAD = "6275144614"

MANIFEST = """\
[product]
name = "langfuse"
primary = "Trace and evaluate applications of language models"
[core]
promise = "standalone"
spdx = "MIT"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Langfuse-EE"
paths = ["web/src/ee/**"]
"""

PACKAGES = (
    *("dependency-cruiser@17", "typescript@5", "eslint@9", "eslint-plugin-boundaries@5"),
    *("@typescript-eslint/parser@8", "eslint-import-resolver-typescript@4"),
)

# What the application extends is a package of the workspace, which nobody has installed here.
TSCONFIG = {
    "compilerOptions": {
        "allowJs": True,
        "jsx": "preserve",
        "module": "esnext",
        "moduleResolution": "bundler",
        "paths": {"@/*": ["./*"]},
    },
    "include": ["src"],
}

CRUISER = """\
module.exports = {
  forbidden: [{
    name: "core-to-ee", severity: "error",
    from: { path: "^src/", pathNot: "^src/ee/" }, to: { path: "^src/ee/" },
  }],
  options: {
    tsConfig: { fileName: "tsconfig.peers.json" }, tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  },
};
"""

ESLINT = """\
import boundaries from "eslint-plugin-boundaries";
import parser from "@typescript-eslint/parser";
export default [{
  files: ["**/*.{ts,tsx,mjs,js}"],
  languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
  linterOptions: { reportUnusedDisableDirectives: "off" },
  plugins: { boundaries },
  settings: {
    "import/resolver": { typescript: { project: "tsconfig.peers.json" } },
    "boundaries/elements": [
      { type: "ee", mode: "full", pattern: "src/ee/**" },
      { type: "core", mode: "full", pattern: "src/**" },
    ],
  },
  rules: {
    "boundaries/element-types":
      ["error", { default: "allow", rules: [{ from: ["core"], disallow: ["ee"] }] }],
  },
}];
"""


def main() -> None:
    """Check out, install the peers, measure all."""
    repository = corpus("CORELINE_BENCH_LANGFUSE", "a clone of langfuse/langfuse")
    if shutil.which("npm") is None:
        nothing("The peers need Node.js and npm.")
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
        tree = Path(folder) / "langfuse"
        peers = Path(os.environ.get("CORELINE_BENCH_NODE_PEERS") or Path(folder) / "peers")
        checkout(repository, tree)
        install(peers)
        measure(tree, peers, Path(folder))


def checkout(repository: Path, tree: Path) -> None:
    """Check out the application, at the head that the numbers are about where it is known."""
    command = ["git", "clone", "-q", "--shared", "--no-checkout", str(repository), str(tree)]
    subprocess.run(command, check=True)
    git = ["git", "-C", str(tree)]
    known = subprocess.run([*git, "cat-file", "-e", HEAD], capture_output=True, check=False)
    head = HEAD if known.returncode == 0 else "HEAD"
    subprocess.run([*git, "sparse-checkout", "set", "--no-cone", "/web/"], check=True)
    subprocess.run(
        [*git, "-c", "advice.detachedHead=false", "checkout", "-q", head],
        capture_output=True,
        check=False,
    )
    (tree / "coreline.toml").write_text(MANIFEST)
    (tree / "web" / "tsconfig.peers.json").write_text(json.dumps(TSCONFIG))


def install(peers: Path) -> None:
    """Install the peers where they are not there yet."""
    peers.mkdir(parents=True, exist_ok=True)
    if not (peers / "node_modules" / ".bin" / "depcruise").exists():
        options = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(peers))
        done = subprocess.run(
            ["npm", "install", *options, *PACKAGES], capture_output=True, check=False
        )
        if done.returncode != 0:
            nothing("npm could not install the peers.")
    (peers / "cruiser.cjs").write_text(CRUISER)
    (peers / "eslint.config.mjs").write_text(ESLINT)


def measure(tree: Path, peers: Path, folder: Path) -> None:
    """Measure all, with nothing kept and with their caches."""
    web, tools = tree / "web", peers / "node_modules" / ".bin"
    coreline = Path(sys.executable).parent / "coreline"
    cruise = [tools / "depcruise", "src", "--config", peers / "cruiser.cjs"]
    kept = ["--cache", folder / "cruiser-cache"]
    lint = [tools / "eslint", "-c", peers / "eslint.config.mjs", "--no-inline-config", "src"]

    # Compiled modules are allowed: nobody compiles anew in every run.
    env = {"PYTHONDONTWRITEBYTECODE": ""}

    def ours(*options: str) -> float:
        argv = [coreline, "check", *options]
        return run(argv, cwd=tree, env=env, expect=(0, 1)).cpu_seconds

    def peer(*options: str | os.PathLike[str]) -> float:
        return run([*cruise, *options], cwd=web, expect=None).cpu_seconds

    cold, cold_peer = in_turn(lambda: ours("--no-cache"), peer, rounds=3, warm_up=0)
    linted = run([*lint, "-f", "json", "-o", folder / "eslint.json"], cwd=web, expect=(0, 1))
    warm, warm_peer = in_turn(ours, lambda: peer(*kept), rounds=5, warm_up=2)
    report(tree, [*cruise, *kept, "-T", "json"], folder / "eslint.json")
    row("coreline check, nothing cached", cold, "s CPU")
    row("depcruise, nothing cached", cold_peer, "s CPU")
    row("eslint-plugin-boundaries", [linted.cpu_seconds], "s CPU")
    row("coreline check", warm, "s CPU")
    row("depcruise --cache", warm_peer, "s CPU")
    ratio = median(cold_peer) / median(cold)
    claim("depcruise / coreline, nothing cached", ratio, 30, at_most=False)
    claim("depcruise --cache / coreline", median(warm_peer) / median(warm), 4, at_most=False)
    # It keeps nothing between runs; we do.
    claim("eslint / coreline", linted.cpu_seconds / median(warm), 100, at_most=False)


def report(tree: Path, cruise: list[str | os.PathLike[str]], linted: Path) -> None:
    """Print what each finds: a peer that fails to resolve the aliases would be fast for nothing.

    What is counted of ours are imports, as the peers count them; strings and mocks, which they do
    not know, are told apart.
    """
    argv = [Path(sys.executable).parent / "coreline", "check", "--format", "json"]
    own = json.loads(subprocess.run(argv, cwd=tree, capture_output=True, check=False).stdout)
    found = [one for one in own["findings"] if one["check"] == "references"]
    mocked = [one for one in found if "mock(" in one["text"]]
    imports = [one for one in found if one["kind"] not in ("string", "build") and one not in mocked]
    print(f"  coreline: {len(imports)} imports in {len({one['path'] for one in imports})} files")
    print(f"            {len(mocked)} mocks, {len(found) - len(imports) - len(mocked)} strings")
    done = subprocess.run(cruise, cwd=tree / "web", capture_output=True, check=False)
    violations = json.loads(done.stdout)["summary"]["violations"]
    files = {one["from"] for one in violations}
    print(f"  depcruise: {len(violations)} pairs of files, {len(files)} files")
    every = json.loads(linted.read_text())
    bad = [one for one in every if one["errorCount"]]
    count = sum(one["errorCount"] for one in bad)
    print(f"  eslint-plugin-boundaries: {count} imports in {len(bad)} files, of {len(every)}")


if __name__ == "__main__":
    main()
