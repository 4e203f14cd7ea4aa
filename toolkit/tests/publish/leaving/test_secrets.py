# SPDX-License-Identifier: Apache-2.0
"""Which secrets are found, that the quick look misses none, and that no bytes stop the search."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.publish.leaving.secrets import Secrets, is_text

# Put together here, so that no scanner takes this file for a leak.
_SAMPLES = {
    "AWS Access Key": "AKIA" + "QWERTYUIOPASDFGH",
    "Artifactory Credentials": "key=" + "AKC" + "abcdefgh12345678",
    "Azure Storage Account access key": "Account" + "Key=" + "aB3" * 29 + "a",
    "Basic Auth Credentials": "postgres://ada:" + "hunter2secret" + "@db.example/x",
    "Cloudant Credentials": 'cloudant_password = "' + "0a1b2c3d" * 8 + '"',
    "Discord Bot Token": "M" + "Ab1" * 8 + ".X1y2Z3." + "aB3" * 9,
    "GitHub Token": "gh" + "p_" + "aB3" * 12,
    "GitLab Token": "gl" + "pat-" + "aB3dE5gH7jK9mN1pQ3sT",
    "IBM Cloud IAM Key": 'ibm_api_key = "' + "aB3dE5gH7jK" * 4 + '"',
    "IBM COS HMAC Credentials": 'cos_secret_access_key = "' + "0a1b2c3d" * 6 + '"',
    "JSON Web Token": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "Mailchimp Access Key": "0a1b2c3d" * 4 + "-us12",
    "NPM tokens": "//registry.example/:_auth" + "Token=npm_" + "aB3" * 12,
    "OpenAI Token": "sk-" + "aB3dE5gH7jK9mN1pQ3sT" + "T3Blbk" + "FJ" + "aB3dE5gH7jK9mN1pQ3sT",
    "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "PyPI Token": "pypi-" + "AgEIcHlwaS5vcmc" + "aB3" * 24,
    "SendGrid API Key": "SG" + "." + "aB3" * 7 + "a." + "aB3" * 14 + "a",
    "Slack Token": "xox" + "b-123456789-abcdefghij",
    "SoftLayer Credentials": 'softlayer_api_key = "' + "0a1b2c3d" * 8 + '"',
    "Square OAuth Secret": "sq0" + "csp-" + "aB3" * 14 + "a",
    "Stripe Access Key": "sk_" + "live_" + "aB3" * 8,
    "Telegram Bot Token": "110201543" + ":" + "aB3dE" * 7,
    "Twilio API Key": "AC" + "0a1b2c3d" * 4,
}


@pytest.mark.parametrize(("kind", "text"), _SAMPLES.items())
def test_each_kind_is_found_where_it_stands(kind: str, text: str) -> None:
    data = f"first\nx = {text}\nlast\n".encode()
    assert (2, kind) in [(one.line, one.kind) for one in Secrets().find(data, "a.txt")]


def test_there_is_a_sample_for_every_plugin_that_is_used() -> None:
    from coreline.publish.leaving.secrets import _HINTS, _scanners

    kinds = {kind for name in _HINTS for kind, _ in _scanners(name)}
    assert kinds == set(_SAMPLES)
    assert Secrets()._unknown == []


def test_a_comment_allows_a_line_and_the_next_one() -> None:
    secret = _SAMPLES["Stripe Access Key"]
    allowed = f"x = '{secret}'  # pragma: allowlist secret\n"
    after = f"# pragma: allowlist nextline secret\nx = '{secret}'\n"
    assert Secrets().find((allowed + after).encode(), "a.py") == []
    assert Secrets().find(f"{allowed}y = '{secret}'\n".encode(), "a.py")[0].line == 2


def test_what_is_put_in_later_is_no_secret() -> None:
    text = b"postgres://ada:${DB_PASSWORD}@db\nhttps://a:<token>@b.example\nhttp://u:***@h\n"
    assert Secrets().find(text, "a.env") == []


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.binary(max_size=300), st.sampled_from(sorted(_SAMPLES)), st.binary(max_size=60))
def test_no_bytes_stop_the_search(before: bytes, kind: str, after: bytes) -> None:
    data = before + b"\nx = " + _SAMPLES[kind].encode() + b"\n" + after
    found = Secrets().find(data, "a.txt")
    assert kind in {one.kind for one in found} or b"pragma" in before
    assert all(1 <= one.line <= data.count(b"\n") + 1 for one in found)
    assert is_text(data) == (b"\0" not in data)
