# SPDX-License-Identifier: Apache-2.0
"""Shell: which commands take a path of a wrap, and what guards them."""

from collections.abc import Callable

import pytest

Read = Callable[[str, str], list[tuple[int, str, str | None, bool]]]


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("cp -r ee/x /app", "ee/x"),
        ("cp -r ee .", "ee/"),
        ("cp -t /app ee/x", "ee/x"),
        ("rsync -a ./ee/ ./", "./ee/"),
        ("sudo -E install -m 644 ee/x /etc", "ee/x"),
        ("tar -C ee -cf x.tar .", "ee/"),
        ("pip install -e ./ee", "./ee"),
        ("$(VPIP) install ee/x", "ee/x"),
        ("uv pip install acme-ee", "acme-ee/"),
        ("npm -w ee run build", "ee/"),
        ("npm ci --prefix ee", "ee/"),
        ("pnpm --filter=./ee build", "./ee"),
        ("go build -o bin/x ./ee/...", "./ee/..."),
        ("make -C ee", "ee/"),
        ("make ee", "ee/"),
        (". ee/env.sh", "ee/env.sh"),
        ("source ./ee/env.sh", "./ee/env.sh"),
        ("cd ee; ls", "ee/"),
        ("./ee/run.sh --all", "./ee/run.sh"),
        ("python -m acme_ee.run", "acme_ee.run/"),
        ("docker build -f ee/Dockerfile -t acme .", "ee/Dockerfile"),
        ("docker build ./ee", "./ee"),
        ("bash -c 'cd ee && make'", "ee/"),
        ("cp -r $ROOT/ee/x /app", "ee/x"),
        ("cp -a /src/{a,ee,b} /x", "ee/"),
        ("docker exec -it x /bin/bash -c 'cd ee && make'", "ee/"),
        ("find src ee -name '*.c' -exec fmt {} +", "ee/"),
        ("X=1 pytest ee/tests", "ee/tests"),
    ],
)
def test_what_fails_without_the_wrap_needs_it(read: Read, code: str, module: str) -> None:
    assert read("x.sh", f"{code}\n") == [(1, module, None, True)]


@pytest.mark.parametrize(
    "code",
    [
        "# cp ee/x .",
        "echo building ee/x",
        "rm -rf ee/x ./ee",
        "mkdir -p ee/x",
        "cp -r src ee",
        "grep -r ee/ src",
        "rsync -a --exclude=ee/ --exclude ./ee . /x",
        "pytest --ignore=ee/tests",
        "docker push acme/ee",
        "find . -path ./ee -prune -o -print",
        "go build -o ./ee ./cmd/x",
        "cd eel && make -C free",
        "mytool ee",
    ],
)
def test_what_leaves_the_wrap_out_or_speaks_of_it_is_no_reference(read: Read, code: str) -> None:
    assert [one for one in read("x.sh", f"{code}\n") if one[3]] == []


def test_a_command_that_nobody_knows_mentions_what_it_is_given(read: Read) -> None:
    assert read("x.sh", "mytool --input ee/x\n") == [(1, "ee/x", None, False)]


@pytest.mark.parametrize(
    ("code", "guard"),
    [
        ("if [ -d ee ]; then cp ee/x y; fi", "probe"),
        ("if [[ -e ./ee ]]; then\n  cp ee/x y\nfi", "probe"),
        ("[ -d ee ] && cp ee/x y", "probe"),
        ("test -f ee/x && cp ee/x y", "probe"),
        ("[ -d ee ] || exit 0\ncp ee/x y", "probe"),
        ("if [ ! -d ee ]; then exit 0; fi\ncp ee/x y", "probe"),
        ('if [ "$EDITION" = enterprise ]; then cp ee/x y; fi', "flag EDITION"),
        ('[ -n "$WITH_EE" ] && cp ee/x y', "flag WITH_EE"),
        ('case "$EDITION" in\n  full) cp ee/x y ;;\nesac', "flag EDITION"),
        ('if [ "$1" = all ]; then cp ee/x y; fi', "flag 1"),
        ("cp ee/x y || true", "try"),
        ("cp ee/x y || echo none", "try"),
        ("if cp ee/x y; then echo done; fi", "try"),
    ],
)
def test_a_guard_around_the_command_counts(read: Read, code: str, guard: str) -> None:
    found = read("x.sh", f"{code}\n")
    assert [(module, said) for _, module, said, needed in found if needed] == [("ee/x", guard)]


@pytest.mark.parametrize(
    "code",
    [
        "if [ -d docs ]; then cp ee/x y; fi",
        "[ -f other ] && cp ee/x y",
        "if [ -d ee ]; then true; else cp ee/x y; fi",
        "if [ ! -d ee ]; then cp ee/x y; fi",
        "cp ee/x y || exit 1",
        "cp ee/x y || { echo no; exit 2; }",
        "cd $SRC && cp ee/x y",
        "[ -d ee ] || echo none\ncp ee/x y",
        "pip install ./ee && cp ee/x y",
    ],
)
def test_a_guard_around_something_else_does_not_count(read: Read, code: str) -> None:
    taken = [
        guard
        for _, module, guard, needed in read("x.sh", f"{code}\n")
        if module == "ee/x" and needed
    ]
    assert taken == [None]


def test_a_variable_that_a_command_takes_is_needed_where_it_is_set(read: Read) -> None:
    assert read("x.sh", "D=./ee/x\ncp -r $D y\n") == [(1, "./ee/x", None, True)]
    assert read("x.sh", 'D=./ee/x\n[ -n "$ALL" ] && cp -r "${D}" y\n') == [
        (1, "./ee/x", "flag ALL", True)
    ]
    assert read("x.sh", "D=./ee/x\necho $D\n") == [(1, "./ee/x", None, False)]


def test_places_are_right_after_letters_of_several_bytes(read: Read) -> None:
    assert read("x.sh", "echo 'größer' # ü\ncp ee/ä/x y\n") == [(2, "ee/ä/x", None, True)]


def test_a_copy_into_a_folder_of_the_wrap_needs_the_folder(read: Read) -> None:
    assert read("x.sh", "ln -s /app/node_modules /app/ee/web/node_modules\n") == [
        (1, "/app/ee/web", None, True)
    ]
    assert read("x.sh", "cp a.txt ee/b.txt\ncp -r build ee/\ncp -r build out/ee\n") == [
        (1, "ee/", None, True),
        (2, "ee/", None, True),
    ]
