# SPDX-License-Identifier: Apache-2.0
"""Which commands need the paths that they are given, and which words of them are no paths.

Three kinds are told apart: what fails without a path (``cp ee /x``, ``pip install ./ee``), what
leaves a wrap out or only speaks of it (``rm -rf ee``, ``grep -r ee/ src``, ``--exclude=ee``: a
core that leaves the wrap out does not depend on it, so these are no references at all, as an
entry of ``.gitignore`` is none), and everything else, which is a mention.
"""

import re
from collections.abc import Sequence


def listed(words: str) -> frozenset[str]:
    """Return the words of a text as a set: long lists are read best so."""
    return frozenset(words.split())


WRAPPERS = listed(
    "sudo env time exec nice ionice command nohup xargs gosu su-exec setsid retry builtin"
)
"""They run the command that follows."""

COPYING = listed("cp mv rsync install ln scp rclone")
"""The last path is where to, the others are taken."""

SHELLS = listed("bash sh zsh ksh dash ash eval")

SILENT = listed(
    "echo printf rm rmdir unlink grep egrep fgrep rg ag mkdir touch true false : log info "
    "warn warning die error err fail gitleaks"
)

NEEDING = COPYING | listed(
    "tar zip unzip find cpio cd pushd source . cat head tail sha256sum md5sum chmod chown "
    "patch pip pip3 pipx uv poetry pdm conda mamba hatch flit twine easy_install npm npx "
    "yarn pnpm pnpx bun bunx lerna nx turbo vite webpack tsc eslint prettier jest vitest "
    "go gofmt golangci-lint gotestsum goreleaser cargo rustc make gmake cmake ninja bazel "
    "bazelisk just task docker buildah podman docker-compose helm kubectl skaffold bash "
    "sh zsh ksh dash python python3 node deno ruby bundle gem rake rails rspec php "
    "composer java mvn mvnw gradle gradlew dotnet nuget msbuild perl gcc g++ cc clang "
    "pytest py.test tox nox mypy ruff black isort flake8 pylint pyright coverage bandit "
    "django-admin protoc buf sqlc"
)

TEXT_OPTIONS = listed(
    "-t --tag --name --label -l -e --env --build-arg -ldflags --ldflags -ldflags= -tags "
    "--tags -m --message --title --body -o --output --out --outdir --out-dir -k --arg "
    "--set --prefix-path"
)
"""Their value is a name, a text or where to, in the tools that have them."""

PATH_OPTIONS = {
    "-e": listed("pip pip3 uv pdm tox"),
    "-t": listed("cp mv ln install"),
    "-m": listed("python python3 coverage"),
    "-o": frozenset[str](),
    "--prefix": listed("npm yarn"),
}
"""Where an option of the list above does name what is taken, and in which tools."""

_LEFT_OUT = re.compile(
    r"^--?(?:no-?)?(?:exclude|ignore|skip|not|without|omit|invert|prune|deselect)|^:!|^:\(|^!|^:\^",
    re.I,
)
_CONTAINERS = listed("docker podman buildah docker-compose")


def tool_of(word: str) -> str:
    """Return the tool that a command's first word runs: ``$(VPIP)`` and ``bin/pip`` are pip."""
    if word in (".", ":"):
        return word
    name = word.strip("\"'").rpartition("/")[2]
    name = re.sub(r"^[$({]+|[)}]+$", "", name).lower()
    for suffix in (".exe", ".cmd", ".sh"):
        name = name.removesuffix(suffix)
    if name in NEEDING or name in SILENT or name in WRAPPERS:
        return name
    # A variable for a tool has its name in it: $(VPIP), ${GO_CMD}, $(VPYTEST), python3.11.
    if word.startswith(("$", '"$')):
        parts = re.split(r"[_.-]", name.lstrip("v"))
        return next((part for part in parts if part in NEEDING), name)
    return re.sub(r"[\d.]+$", "", name) or name


def is_left_out(words: Sequence[str], index: int) -> bool:
    """Whether a word says what a command leaves out."""
    word, before = words[index].strip("\"'"), words[index - 1] if index else ""
    if _LEFT_OUT.match(word) or (before.startswith("-") and _LEFT_OUT.match(before)):
        return "=" not in before
    return "-prune" in words or (before in ("-path", "-name") and words[index - 2] in ("!", "-not"))


def is_taken(tool: str, words: Sequence[str], index: int) -> bool:
    """Whether a command fails where the path in one of its words does not exist.

    Args:
        tool: the tool's name.
        words: the command's words, the tool first.
        index: which word.
    """
    if index == 0:
        return True
    word, before = words[index], words[index - 1]
    option = word.partition("=")[0] if word.startswith("-") else before
    if option in TEXT_OPTIONS and tool not in PATH_OPTIONS.get(option, ()):
        return False
    if option == "-t" and tool in COPYING:
        return False
    if tool in _CONTAINERS:
        return _is_context(words, index)
    if tool == "find":
        # Where it begins; what follows is an expression.
        return not any(one.startswith(("-", "(", "\\(", "!")) for one in words[1 : index + 1])
    if tool in COPYING:
        return not _is_destination(tool, words, index)
    return tool in NEEDING


def _is_context(words: Sequence[str], index: int) -> bool:
    """Whether a word of docker is the context or the file of a build; the others are names."""
    is_file = words[index - 1] in ("-f", "--file") or words[index].startswith("--file=")
    is_context = index == len(words) - 1 and "build" in words
    return is_file or is_context or words[index].startswith("--build-context")


def _is_destination(tool: str, words: Sequence[str], index: int) -> bool:
    if tool in COPYING and ("-t" in words or any(w.startswith("--target-dir") for w in words)):
        return False
    places = [number for number, word in enumerate(words) if number and not word.startswith("-")]
    if tool == "ln" and len(places) == 1:
        return False
    return bool(places) and index == places[-1]
