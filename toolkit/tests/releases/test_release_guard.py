# SPDX-License-Identifier: Apache-2.0
"""Which uploads are refused by their addresses alone."""

import pytest

from coreline.releases.guard import Target, refusals

PUBLIC = ".".join(("upload", "pypi", "org"))

CORE = Target("core", "core", "https://packages.example.com/upload")


def codes(*targets: Target) -> list[str]:
    return [one.code for one in refusals(targets)]


@pytest.mark.parametrize(
    "same",
    [
        "https://packages.example.com/upload/",
        "https://PACKAGES.example.com/Upload",
        "HTTPS://packages.example.com:443/upload",
        "http://packages.example.com/upload",
        "http://packages.example.com:443/upload",
        "https://user:word@packages.example.com/upload",
        "https://packages.example.com./upload",
        "https://packages.example.com/%75pload",
        "https://packages.example.com//a/../upload",
        "https://packages.example.com/upload?side=wrap#wrap",
        "https://packages\uff0eexample\uff0ecom/upload",
    ],
)
def test_one_registry_in_another_spelling_is_not_for_both_sides(same: str) -> None:
    assert codes(CORE, Target("ee", "wrap", same)) == ["release-registry-of-both-sides"]


@pytest.mark.parametrize(
    "public", [f"https://{PUBLIC}/legacy/", f"https://u@{PUBLIC.upper()}.:443/x"]
)
def test_a_wrap_is_not_for_a_public_index(public: str) -> None:
    assert codes(Target("ee", "wrap", public)) == ["release-wrap-to-public"]
    assert codes(Target("core", "core", public)) == []


@pytest.mark.parametrize("address", ["", "ftp://example.com/", "https://", "https://e.com:x/"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert codes(Target("ee", "wrap", address)) == ["release-registry-invalid"]


def test_two_registries_are_kept_apart() -> None:
    assert codes(CORE, Target("ee", "wrap", "https://gated.example.com/upload")) == []
