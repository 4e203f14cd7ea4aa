# SPDX-License-Identifier: Apache-2.0
"""Look at a mailbox of patches before any of it is applied."""

import tempfile
from pathlib import Path

from coreline.errors import InputError
from coreline.manifest.model import MANIFEST_NAME
from coreline.publish.back.bring import Terms
from coreline.publish.back.rights import missing_rights, refuse_missing
from coreline.publish.private import Private
from coreline.publish.recipe.recipe import Recipe
from coreline.sources.objects import CommitParts


def check_mailbox(source: Private, patch: Path, recipe: Recipe, terms: Terms) -> str:
    """Hold every patch of a mailbox against the line and the terms.

    Returns:
        The private folder in which the public root stands for all that the patches touch.

    Raises:
        InputError: it is no mailbox (``import-no-mailbox``), touches what is not core
            (``import-not-core``) or the manifest (``import-moves-line``), lacks a right, or its
            files stand in several folders (``import-patch-moved``).
    """
    git = source.git
    with tempfile.TemporaryDirectory(prefix="coreline-patch-") as folder:
        split = git.attempt("mailsplit", "--keep-cr", f"-o{folder}", "--", str(patch.absolute()))
        mails = sorted(Path(folder).iterdir())
        if split.returncode != 0 or not mails or not patch.read_bytes().startswith(b"From "):
            raise InputError(
                "import-no-mailbox",
                f"{patch} is no mailbox of patches.",
                "git format-patch writes one; a bare diff says neither who nor why.",
            )
        parts = []
        for mail in mails:
            info = git.run(
                "mailinfo", f"{mail}.message", f"{mail}.diff", stdin=mail.read_bytes()
            ).decode("utf-8", "replace")
            parts.append((mail.name.encode(), _parts(info, Path(f"{mail}.message"))))
        missing = missing_rights(parts, terms.wanted, terms.signed, terms.vendor)
        refuse_missing(list(missing), terms.wanted)
        listed = git.attempt("apply", "--numstat", "-z", "--", str(patch.absolute()))
    if listed.returncode != 0:
        said = " ".join(listed.stderr.decode("utf-8", "replace").split())
        raise InputError("import-no-mailbox", f"{patch} cannot be read: {said}", "")
    rows = listed.stdout.decode("utf-8", "surrogateescape").split("\0")
    paths = [row.split("\t")[2] for row in rows if row.count("\t") == 2 and row.split("\t")[2]]
    # A renamed file has its two names in rows of their own.
    paths += [row for row in rows if row and "\t" not in row]
    return _folder(paths, recipe, moves_line=terms.moves_line)


def _parts(info: str, message: Path) -> CommitParts:
    fields = dict(row.partition(": ")[::2] for row in info.splitlines() if ": " in row)
    author = f"author {fields.get('Author', '')} <{fields.get('Email', '')}> 0 +0000"
    text = f"{fields.get('Subject', '')}\n\n".encode() + message.read_bytes()
    return CommitParts(b"", (), author.encode(), b"", b"", text)


def _folder(paths: list[str], recipe: Recipe, *, moves_line: bool) -> str:
    folders: set[str] = set()
    for path in paths:
        fitting = [
            one
            for one in recipe.paths.private(path)
            if recipe.line.side(one) == "core" and recipe.paths.public(one) == path
        ]
        if not fitting:
            raise InputError(
                "import-not-core",
                f"The patch touches {path}, which is not core here.",
                "Ask for another place, or claim the path for the core first.",
            )
        if fitting[0] == MANIFEST_NAME and not moves_line:
            raise InputError(
                "import-moves-line",
                f"The patch changes {MANIFEST_NAME}: it moves the line.",
                "Read the change; take it in with --allow-line if it is meant.",
            )
        # A folder that has another name in public is none that git can put in front.
        fits = fitting[0] == path or fitting[0].endswith(f"/{path}")
        folders.add(fitting[0].removesuffix(path).rstrip("/") if fits else f"{path}?")
    if len(folders) > 1 or any(folder.endswith("?") for folder in folders):
        raise InputError(
            "import-patch-moved",
            "The files of the patch stand in several folders here (publish.paths).",
            "Import it as a branch or a bundle; those carry whole commits.",
        )
    return folders.pop() if folders else ""
