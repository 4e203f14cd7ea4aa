# SPDX-License-Identifier: Apache-2.0
"""Error codes are found where they are raised, with what the source says of them."""

from pathlib import Path

from coreline.cli.error_reference import ErrorCode, Status, collect, render, statuses

SOURCE = """
from coreline.errors import InputError, NothingToDo, OutsideError

def plain(name):
    raise InputError("name-unknown", f"There is no {name!r}, nor {name.lower()}.", "Give one.")

def parts():
    return OutsideError("disk-full", "The disk " + "is full.", hint="Make " "room.")

def chosen(code):
    raise InputError(code, "Not a literal.")

def other():
    ValueError("not-one-of-ours", "…")

class SpecialError(InputError):
    def __init__(self, count):
        super().__init__("special", f"{count} | mistakes.")

class MoreSpecialError(SpecialError):
    pass

def special():
    raise MoreSpecialError("more-special", "So.")

EXPIRED = Code("expired", "state", "It has expired.", "Renew it.")
"""


def package(tmp_path: Path) -> Path:
    folder = tmp_path / "shop" / "room"
    folder.mkdir(parents=True)
    (folder / "door.py").write_text(SOURCE)
    return tmp_path / "shop"


def test_literal_codes_are_collected(tmp_path: Path) -> None:
    where = "shop.room.door"
    assert collect([package(tmp_path)]) == [
        ErrorCode("disk-full", "OutsideError", "The disk is full.", "Make room.", where),
        ErrorCode("expired", "Code", "It has expired.", "Renew it.", where),
        ErrorCode("more-special", "InputError", "So.", "", where),
        ErrorCode("name-unknown", "InputError", "There is no …, nor ….", "Give one.", where),
        ErrorCode("special", "InputError", "… | mistakes.", "", where),
    ]


def test_statuses_are_read_from_the_servers_table(tmp_path: Path) -> None:
    (tmp_path / "problems.py").write_text(
        'KINDS = {\n    "not-found": Kind(404, "There is nothing"),\n    **more,\n'
        '    "other": (500, "x"),\n}\nCODES = {404: "not-found"}\n'
    )
    assert statuses(tmp_path) == {"not-found": Status(404, "There is nothing")}


def test_the_page_has_the_codes_of_all_three_distributions() -> None:
    modules = {error.module.partition(".")[0] for error in collect()}
    assert modules == {"coreline_sdk", "coreline", "coreline_server"}
    page = render()
    for error in collect():
        assert f"| `{error.code}` |" in page
    assert "| `manifest-exists` |" in page
    assert "## The outside world (exit code 3)" in page
    # A bar in a cell would begin another one.
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert {row.replace("\\|", "").count("|") for row in rows} <= {4, 5}
    assert page == render()


def test_codes_are_spelled_alike() -> None:
    wrong = [error for error in collect() if not error.code.replace("-", "").isalnum()]
    assert wrong == []
    assert [error.code for error in collect() if error.code != error.code.lower()] == []
