# SPDX-License-Identifier: Apache-2.0
"""The upload API: what is taken, and everything that is refused."""

import gzip
import hashlib
import io
import tarfile
import zipfile

import pytest

from coreline.errors import InputError
from coreline_server.registry.archives import read_package

WHEEL = "converge-1.0-py3-none-any.whl"


@pytest.fixture
def upload(registry):
    registry.api_token("key", "upload")
    return lambda filename, content, **fields: registry.upload(filename, content, "key", **fields)


def test_a_wheel_is_taken_listed_and_served_with_its_metadata(registry, upload):
    content = registry.make_wheel("converge", "1.0", "Requires-Python: >=3.11\n")
    digests = {
        "blake2_256_digest": hashlib.blake2b(content, digest_size=32).hexdigest(),
        "md5_digest": hashlib.md5(content).hexdigest(),
        "filetype": "bdist_wheel",
    }
    answer = upload(WHEEL, content, **digests)
    assert answer.status_code == 200
    assert answer.json()["new"] is True
    accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
    file = registry.client.get("/simple/converge/", headers=accept).json()["files"][0]
    assert file["requires-python"] == ">=3.11"
    assert file["hashes"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert registry.client.get(f"/files/converge/{WHEEL}").content == content
    metadata = registry.client.get(f"/files/converge/{WHEEL}.metadata").content
    assert hashlib.sha256(metadata).hexdigest() == file["core-metadata"]["sha256"]
    assert b"Name: converge" in metadata


def test_a_source_archive_is_taken(registry, upload):
    answer = upload("converge-1.0.tar.gz", registry.make_sdist("converge", "1.0"), filetype="sdist")
    assert answer.status_code == 200
    assert "converge-1.0.tar.gz" in registry.client.get("/simple/converge/").text


def test_the_same_again_is_fine_and_other_content_is_a_conflict(registry, upload):
    content = registry.make_wheel("converge", "1.0")
    upload(WHEEL, content)
    again = upload(WHEEL, content)
    assert (again.status_code, again.json()["new"]) == (200, False)
    other = upload(WHEEL, registry.make_wheel("converge", "1.0", "Summary: other\n"))
    assert (other.status_code, other.json()["code"]) == (409, "file-exists")
    assert "already exist" in other.json()["detail"], "what twine --skip-existing looks for"
    assert registry.client.get(f"/files/converge/{WHEEL}").content == content


def test_a_name_that_the_manifest_does_not_know_is_refused(registry, upload):
    content = registry.make_wheel("requests", "1.0")
    answer = upload("requests-1.0-py3-none-any.whl", content)
    assert (answer.status_code, answer.json()["code"]) == (403, "package-unknown")
    assert "converge-analytics, converge-enterprise" in answer.json()["hint"]


def test_a_known_name_in_the_form_does_not_smuggle_another_file(registry, upload):
    answer = upload(
        "requests-1.0-py3-none-any.whl", registry.make_wheel("requests", "1.0"), name="converge"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "upload-invalid")


def test_any_spelling_of_a_name_is_one_project(registry, upload):
    content = registry.make_wheel("Converge.Enterprise", "1.0")
    answer = upload("converge_enterprise-1.0-py3-none-any.whl", content, name="Converge.Enterprise")
    assert answer.json()["project"] == "converge-enterprise"


@pytest.mark.parametrize("name", ["sha256_digest", "blake2_256_digest", "md5_digest"])
def test_a_wrong_digest_is_refused(registry, upload, name):
    answer = upload(WHEEL, registry.make_wheel("converge", "1.0"), **{name: "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (400, "upload-digest-mismatch")
    assert registry.client.get(f"/files/converge/{WHEEL}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "filename"),
    [
        ({":action": "submit"}, WHEEL),
        ({"version": "2.0"}, WHEEL),
        ({"version": "no version"}, WHEEL),
        ({"filetype": "sdist"}, WHEEL),
        ({"name": "converge-enterprise"}, WHEEL),
        ({}, "a/converge-1.0-py3-none-any.whl"),
        ({}, "a\\converge-1.0-py3-none-any.whl"),
    ],
)
def test_a_form_that_contradicts_its_file_is_refused(registry, upload, fields, filename):
    fields = {"name": "converge", "version": "1.0"} | fields
    answer = upload(filename, registry.make_wheel("converge", "1.0"), **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, "upload-invalid")


def test_a_body_that_is_no_form_is_refused(registry):
    header = registry.basic(registry.api_token("key", "upload"))
    for kind in ("application/json", "multipart/form-data", "multipart/form-data; boundary=x"):
        answer = registry.client.post(
            "/upload/", content=b"{}", headers=header | {"Content-Type": kind}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "upload-invalid")


def test_a_file_over_the_limit_is_refused(registry, upload):
    answer = upload(WHEEL, b"\0" * ((1 << 24) + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def test_nothing_of_a_refused_upload_stays_on_the_disk(registry, upload):
    upload(WHEEL, b"not a wheel")
    root = registry.blobs.path("0" * 64).parents[2]
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_who_may_upload(registry):
    content = registry.make_wheel("converge", "1.0")
    registry.api_token("admin-key", "admin")
    registry.token("license-key")
    assert registry.upload(WHEEL, content, "license-key").status_code == 403
    nobody = registry.client.post("/upload/")
    wrong = registry.upload(WHEEL, content, "wrong")
    assert [nobody.status_code, wrong.status_code] == [401, 401]
    assert nobody.headers["www-authenticate"].startswith("Basic")
    assert registry.upload(WHEEL, content, "admin-key").status_code == 200


def test_an_upload_token_reads_the_index_and_nothing_else(registry):
    registry.wheel("converge-enterprise", "1.0")
    header = registry.basic(registry.api_token("key", "upload"))
    assert registry.client.get("/simple/converge-enterprise/", headers=header).status_code == 200
    name = registry.wheel_name("converge-enterprise", "1.0")
    answer = registry.client.get(f"/files/converge-enterprise/{name}", headers=header)
    assert (answer.status_code, answer.json()["code"]) == (403, "registry-credential-upload-only")


# Archives made to do harm -------------------------------------------------------------------------

METADATA = "Metadata-Version: 2.1\nName: converge\nVersion: 1.0\n"
INFO = "converge-1.0.dist-info/METADATA"
REST = [(INFO.replace("METADATA", leaf), "") for leaf in ("WHEEL", "RECORD")]


def zipped(entries, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return buffer.getvalue()


def tarred(entries):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in entries:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def bomb_tar():
    """A header that promises 10 GiB of zeros, and 100 MiB of them."""
    member = tarfile.TarInfo("converge-1.0/zeros")
    member.size = 10 << 30
    return gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + b"\0" * (100 << 20))


BAD_WHEELS = {
    "not a zip": (b"PK\3\4 nonsense", "archive-unreadable"),
    "empty": (b"", "archive-unreadable"),
    "no metadata": (zipped([("converge/__init__.py", "")]), "metadata-invalid"),
    "metadata too deep": (zipped([("x/" + INFO, METADATA)]), "metadata-invalid"),
    "two metadata": (
        zipped([(INFO, METADATA), ("other-1.dist-info/METADATA", METADATA)]),
        "metadata-invalid",
    ),
    "huge metadata": (zipped([(INFO, METADATA + " " * (1 << 20)), *REST]), "metadata-invalid"),
    "other name": (
        zipped([(INFO, METADATA.replace("converge", "evil")), *REST]),
        "metadata-invalid",
    ),
    "other version": (zipped([(INFO, METADATA.replace("1.0", "1.1")), *REST]), "metadata-invalid"),
    "no version": (zipped([(INFO, "Name: converge\n"), *REST]), "metadata-invalid"),
    "no record": (zipped([(INFO, METADATA), REST[0]]), "metadata-invalid"),
    "bad python": (
        zipped([(INFO, METADATA + "Requires-Python: new\n"), *REST]),
        "metadata-invalid",
    ),
    "climbs out": (zipped([(INFO, METADATA), ("../evil.py", "")]), "archive-path-outside"),
    "absolute": (zipped([(INFO, METADATA), ("/etc/evil", "")]), "archive-path-outside"),
    "windows": (zipped([(INFO, METADATA), ("a\\..\\evil", "")]), "archive-path-outside"),
    "drive": (zipped([(INFO, METADATA), ("C:evil", "")]), "archive-path-outside"),
    "bomb": (zipped([(INFO, METADATA), ("zeros", b"\0" * (65 << 20))]), "archive-bomb"),
}

BAD_SDISTS = {
    "not gzip": (b"nonsense", "archive-unreadable"),
    "not tar": (gzip.compress(b"nonsense" * 100), "archive-unreadable"),
    "cut off": (tarred([("converge-1.0/PKG-INFO", METADATA.encode())])[:-12], "archive-unreadable"),
    "no metadata": (tarred([("converge-1.0/x", b"")]), "metadata-invalid"),
    "climbs out": (tarred([("converge-1.0/../../evil", b"")]), "archive-path-outside"),
    "absolute": (tarred([("/evil", b"")]), "archive-path-outside"),
    "other name": (
        tarred([("x/PKG-INFO", METADATA.replace("converge", "evil").encode())]),
        "metadata-invalid",
    ),
    "bomb": (bomb_tar(), "archive-bomb"),
}


def refusal(filename, content):
    with pytest.raises(InputError) as caught:
        read_package(filename, io.BytesIO(content), len(content))
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize("case", BAD_WHEELS)
def test_bad_wheels_are_refused(case):
    content, code = BAD_WHEELS[case]
    assert refusal(WHEEL, content) == code


@pytest.mark.parametrize("case", BAD_SDISTS)
def test_bad_source_archives_are_refused(case):
    content, code = BAD_SDISTS[case]
    assert refusal("converge-1.0.tar.gz", content) == code


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_occurs_twice_is_refused():
    content = zipped([(INFO, METADATA), ("a", "1"), ("a", "2")])
    assert refusal(WHEEL, content) == "archive-unreadable"


@pytest.mark.parametrize(
    "filename",
    ["converge.whl", "converge-1.0.zip", "converge-1.0-py3-none.whl", "converge-x.tar.gz", ".whl"],
)
def test_bad_file_names_are_refused(filename):
    assert refusal(filename, b"") == "filename-invalid"
