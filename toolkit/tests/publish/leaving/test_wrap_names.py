# SPDX-License-Identifier: Apache-2.0
"""Which texts name a wrap, and that no bytes stop the search."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.manifest.claims import Line
from coreline.manifest.model import Core, Manifest, Product, Wrap
from coreline.publish.leaving.new import Saying
from coreline.publish.leaving.wrap_names import WrapNames

_MANIFEST = Manifest(
    product=Product(name="demo", primary="Demonstrate"),
    core=Core(spdx="Apache-2.0", paths=["src/**", "enterprise/README.md"]),
    wraps={
        "enterprise": Wrap(
            spdx="LicenseRef-Demo",
            paths=["enterprise/**", "src/*/ee/**", "web/pay.ts"],
            modules=["demo_enterprise", "enterprise"],
            packages=["demo-enterprise", "fleet"],
            names=["DEMO_LICENSE_URL"],
        )
    },
)
_NAMES = WrapNames(_MANIFEST, Line(_MANIFEST))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("fix demo_enterprise.sso on reload", "demo_enterprise"),
        ("bump Demo_Enterprise to 2", "Demo_Enterprise"),
        ("see enterprise/sso/saml.py.", "enterprise/sso/saml.py"),
        ("read DEMO_LICENSE_URL once", "DEMO_LICENSE_URL"),
        ("import enterprise first", "import enterprise"),
        ("`enterprise` is loaded late", "`enterprise`"),
        ("call enterprise.boot() late", "enterprise"),
        ("fleet==1.2 is out", "fleet"),
        ("web/pay.ts: typo", "web/pay.ts"),
        ("demo.enterprise is a package's name too", "demo.enterprise"),
    ],
)
def test_a_text_that_names_a_wrap(text: str, name: str) -> None:
    assert name in list(_NAMES.find(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "enterprise customers asked for it",
        "Ada <ada@enterprise.example>",
        "remove what came from enterprise",
        "see enterprise/README.md",
        "see https://demo.example/enterprise/pricing",
        "the enterprise/ folder",
        "our fleet of machines",
        "not_demo_enterprise_at_all",
        "src/enterprise/a.py is core",
        "www.enterprise.com",
        "src/api/views.py",
    ],
)
def test_a_text_that_names_none(text: str) -> None:
    assert list(_NAMES.find(text.encode())) == []


@pytest.mark.parametrize(
    "ref",
    [
        "fix/demo_enterprise-login",
        "demo-enterprise",
        "fix_demo_enterprise_login",
        "release/Demo.Enterprise.2",
        "wip/DEMO_LICENSE_URL",
        "demo_license_url/1",
        "enterprise/sso",
    ],
)
def test_the_name_of_a_ref_names_a_wrap(ref: str) -> None:
    saying = Saying("branch", ref, (ref.encode(),), is_name=True)
    assert [f"{one.where}, {one.place}" for one in _NAMES.in_sayings([saying])] == [
        f"branch {ref}, its name"
    ]


@pytest.mark.parametrize("ref", ["main", "enterprise", "fix/fleet-1", "mydemo_enterprises", "v1.0"])
def test_the_name_of_a_ref_names_none(ref: str) -> None:
    saying = Saying("branch", ref, (ref.encode(),), is_name=True)
    assert list(_NAMES.in_sayings([saying])) == []


def test_where_a_name_stands_is_said() -> None:
    lines = (
        b"author demo_enterprise bot <a@b.c> 1 +0000",
        b"committer A <a@b.c> 1 +0000",
        b"gpgsig -----BEGIN PGP SIGNATURE-----",
        b" demo_enterprise",
        b"",
        b"title",
        b"",
        b"demo_enterprise",
    )
    found = _NAMES.in_sayings([Saying("commit", "abc", lines)])
    assert [str(one).rpartition(":")[0] for one in found] == [
        "commit abc, its author",
        "commit abc, its gpgsig",
        "commit abc, line 3 of its message",
    ]


def test_a_manifest_without_wraps_has_no_names() -> None:
    bare = Manifest(product=_MANIFEST.product, core=_MANIFEST.core)
    assert list(WrapNames(bare, Line(bare)).find(b"demo_enterprise")) == []


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_around_a_name(before: bytes, after: bytes) -> None:
    saying = Saying("commit", "abc", (before + b" demo_enterprise " + after,))
    assert "demo_enterprise" in {one.name for one in _NAMES.in_sayings([saying])}
    for name in _NAMES.find(before + b"enterprise/" + after):
        assert name
