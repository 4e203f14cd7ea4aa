# SPDX-License-Identifier: Apache-2.0
"""Two verifiers, one in Python and one in Node, agree on random harm to licenses.

Where two readers of one text differ, there is something to be exploited.
"""

import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coreline_sdk.chain import Trust
from coreline_sdk.codes import Refused
from coreline_sdk.jws import canonical_bytes
from coreline_sdk.standing import standing
from coreline_sdk.verify import verify_license

FOLDER = Path(__file__).parent.parent / "vectors"
sys.path.insert(0, str(FOLDER))

import forge  # noqa: E402 - it stands in the folder that was just added.

VALUES = (
    *("1", "-1", "1.5", "1e3", "-0", "00", "NaN", "-", "null", "true", "367", "36526"),
    *("946684799", "4102444801", "1000000001", "9007199254740993", "[]", "{}", "[1]"),
    *('"x"', '""', '["a","a"]', '{"a":{"b":1}}', '{"a":{"b":[1]}}', '{"A":{}}'),
    *('"\\u0041"', '"\\ud800"', '"é"', '"\x7f"', '"\u2028"', '"😀"', '"\\/"', f'"{"x" * 201}"'),
)
VALUE = re.compile(r'(?<=:)("[^"]*"|\d+|true|false|\[[^\]]*\])')


def harmed(text: str, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        at, other = chance.randrange(len(letters)), chance.randrange(len(letters))
        size = chance.choice([1, 2, 64, 65])
        new = chance.choice(
            [[chance.choice("Aa0-_.=\n\r \té+/\0B")], letters[other : other + size], []]
        )
        letters[at : at + chance.choice([0, 1, size])] = new
        if not letters:
            break
    return "".join(letters)


def cases(count: int) -> list[dict[str, Any]]:
    chance = random.Random(20260921)
    vector = forge.Vector("", "", "", roots=(forge.ROOT.text,))
    found = []
    for number in range(count):
        head, body = forge.header().decode(), canonical_bytes(forge.claims()).decode()
        kind = number % 4
        if kind == 0:
            armor = harmed(forge.armor(lists=(forge.listed(1),)), chance)
        else:
            if kind == 1:
                head = harmed(head, chance)
            elif kind == 2:
                body = harmed(body, chance)
            else:
                place = chance.choice(list(VALUE.finditer(body)))
                body = body[: place.start()] + chance.choice(VALUES) + body[place.end() :]
            armor = forge.armor(forge.raw_token(head.encode(), body.encode()))
        found.append(vector._replace(name=str(number), armor=armor)._asdict())
    return found


def answer(case: dict[str, Any]) -> tuple[str, bool]:
    try:
        license_ = verify_license(case["armor"], Trust(case["roots"]), case["product"])
    except Refused as refused:
        return refused.code.name, False
    stand = standing(license_, now=case["now"], built_at=None, lists=())
    return stand.code.name, stand.until > case["now"]


@pytest.mark.skipif(shutil.which("node") is None, reason="There is no node.")
def test_two_verifiers_agree_on_random_harm(tmp_path: Path) -> None:
    harm = cases(1200)
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"vectors": harm}))
    done = subprocess.run(
        ["node", FOLDER / "verify.mjs", path], capture_output=True, text=True, check=True
    )
    theirs = [json.loads(line) for line in done.stdout.splitlines()]
    ours = [answer(case) for case in harm]
    assert [(one["code"], one["entitled"]) for one in theirs] == ours
    # The harm reached every layer, and some licenses came through it.
    assert len(set(ours)) >= 9
    assert ("valid", True) in ours
