# SPDX-License-Identifier: Apache-2.0
"""The shared vectors: the SDK and a second verifier in Node give the same, expected answers."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coreline_sdk import Coreline
from coreline_sdk.chain import Trust
from coreline_sdk.codes import CODES, Refused
from coreline_sdk.standing import standing
from coreline_sdk.verify import verify_license, verify_revocations

FOLDER = Path(__file__).parent.parent / "vectors"
VECTORS: list[dict[str, Any]] = json.loads((FOLDER / "licenses.json").read_text())["vectors"]
EPOCH = date(1970, 1, 1)


def armor_of(vector: dict[str, Any]) -> str:
    mark, fill, times = vector["fill"] or ["@", "", 0]
    return str(vector["armor"]).replace(mark, fill * times)


def answer(vector: dict[str, Any]) -> tuple[str, bool]:
    try:
        trust = Trust(vector["roots"])
        license_ = verify_license(armor_of(vector), trust, vector["product"])
        beside = vector["revocations"]
        lists = verify_revocations(beside, trust) if beside else ()
    except Refused as refused:
        return refused.code.name, False
    built = vector["built"]
    built_at = None if built is None else (date.fromisoformat(built) - EPOCH).days * 86_400
    stand = standing(license_, now=vector["now"], built_at=built_at, lists=lists)
    return stand.code.name, stand.until > vector["now"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_verifier_answers_as_expected(vector: dict[str, Any]) -> None:
    assert answer(vector) == (vector["code"], vector["entitled"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_product_answers_as_expected(vector: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "license.txt"
    path.write_text(armor_of(vector), newline="")
    beside = None
    if vector["revocations"]:
        beside = tmp_path / "revocations.txt"
        beside.write_text(vector["revocations"])
    product = Coreline(
        vector["product"],
        path,
        vector["roots"],
        None if vector["built"] is None else date.fromisoformat(vector["built"]),
        lambda: vector["now"],
        revocations=beside,
    )
    assert product.entitled("fleet") is vector["entitled"]
    assert product.status().code == vector["code"]
    assert not product.entitled("a-feature-that-no-license-holds")


def test_every_answer_about_a_license_has_a_vector() -> None:
    without = {"unconfigured", "no-root-keys", "license-unreadable", "check-failed"}
    without |= {"feature-not-licensed"}
    assert {vector["code"] for vector in VECTORS} == CODES.keys() - without


def test_generating_again_gives_the_same_bytes() -> None:
    command = [sys.executable, str(FOLDER / "generate.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0


@pytest.mark.skipif(shutil.which("node") is None, reason="There is no node.")
def test_node_agrees_on_every_vector() -> None:
    done = subprocess.run(
        ["node", FOLDER / "verify.mjs", FOLDER / "licenses.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [
        {"name": vector["name"], "code": vector["code"], "entitled": vector["entitled"]}
        for vector in VECTORS
    ]
