# SPDX-License-Identifier: Apache-2.0
"""The console in a real browser: from the setup link to a license, in light and dark."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
PASSWORD = "correct horse battery"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A folder to look at the pages in; nothing is kept without it.
PICTURES = os.environ.get("CORELINE_CONSOLE_PICTURES")

MANIFEST = """\
[product]
name = "converge"
primary = "Bring a machine to a declared state"
vendor = ["example.com"]

[core]
spdx = "Apache-2.0"
paths = ["**"]
packages = ["converge"]

[wraps.enterprise]
spdx = "LicenseRef-Enterprise"
modules = ["converge_enterprise"]
packages = ["converge-enterprise"]

[features.apply]
side = "core"
primary = true

[features.fleet]
side = "wrap"
wrap = "enterprise"

[editions.enterprise]
features = ["fleet"]
trial_days = 30
grace_days = 14

[segments.enterprise]
title = "Enterprise"
"""

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="no /usr/bin/chromium; Debian's package chromium brings it"
)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """The setup link of a server that has just started."""
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    argv = [Path(sys.executable).parent / "coreline-server", "serve", "--data", "data"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*argv, "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    process.stdout.readline()
    yield process.stdout.readline().split()[-1]
    process.terminate()
    process.wait(20)
    process.stdout.close()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_from_the_setup_link_to_a_license(browser: Browser, link: str) -> None:
    context = browser.new_context(viewport={"width": 1180, "height": 760})
    page = context.new_page()
    # A page that breaks its own Content-Security-Policy says so on the console.
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(link)
    picture(page, "setup")
    page.get_by_label("Password for this console").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="The password is set")).to_be_visible()
    expect(page.locator("code.secret")).to_have_text(re.compile("^cla_"))
    picture(page, "setup-done")

    page.get_by_role("link", name="Open the console").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.get_by_role("link", name="Customers", exact=True).click()
    for name in ("Acme & Sons <Ltd>", "Globex", "Initech"):
        page.get_by_label("Name").fill(name)
        page.get_by_label("E-mail").fill("it@acme.example")
        page.get_by_label("Segment").select_option("enterprise")
        page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_role("cell", name="Acme & Sons <Ltd>")).to_be_visible()
    picture(page, "customers")

    issue(page, "Acme", seats="25")
    expect(page.get_by_text("Seats taken: 0 of 25")).to_be_visible()
    page.get_by_role("button", name="New registry token").click()
    expect(page.locator("code.secret")).to_have_text(re.compile("^clr_"))
    picture(page, "license")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download license file").click()
    assert download.value.path().read_text().startswith("-----BEGIN CORELINE LICENSE-----")

    issue(page, "Globex", trial=True)
    issue(page, "Initech")
    page.get_by_label("Reason").fill("charge back")
    page.get_by_role("button", name="Revoke").click()
    expect(page.locator(".badge.revoked")).to_have_count(0)
    page.get_by_label("For good").check()
    page.get_by_role("button", name="Revoke").click()
    expect(page.locator(".badge.revoked")).to_be_visible()

    page.get_by_role("link", name="Licenses", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(3)
    picture(page, "licenses")
    page.get_by_label("Status").select_option("trial")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)

    send_events(page, link.partition("/setup")[0])
    for name in ("Packages", "Tokens", "Audit", "Overview"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        picture(page, name.lower())
    bars = page.locator(".funnel rect:not(.track)")
    expect(bars).to_have_count(7)
    widths = [(bar.bounding_box() or {"width": 0})["width"] for bar in bars.all()]
    assert widths[2] == pytest.approx(widths[1] * 25 / 40, rel=0.01), widths
    assert widths[1] > 300, widths
    look(browser, page)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This is not the password.")).to_be_visible()
    picture(page, "sign-in-refused")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()

    assert [text for text in said if "401" not in text] == []
    here = link.partition("/setup")[0]
    assert {url for url in asked if not url.startswith(here)} == set()


def issue(page: Page, customer: str, *, seats: str = "5", trial: bool = False) -> None:
    page.get_by_role("link", name="Licenses", exact=True).click()
    page.get_by_role("link", name="Issue a license").click()
    option = page.locator("select[name=customer] option", has_text=customer)
    value = option.get_attribute("value")
    assert value is not None
    page.get_by_label("Customer").select_option(value)
    page.get_by_label("Seats").fill(seats)
    if trial:
        page.get_by_label("A trial").check()
    picture(page, "issue")
    page.get_by_role("button", name="Issue").click()
    expect(page.get_by_role("heading", name=re.compile("^LIC-"))).to_be_visible()


def send_events(page: Page, server: str) -> None:
    """Let forty installs go some way down the funnel."""
    now = datetime.now(UTC)
    events = [
        {
            "id": f"{name}-{number}",
            "install": f"install-{number}",
            "name": name,
            "at": (now - timedelta(minutes=30 - step)).isoformat(),
            "product": "converge",
        }
        for step, (name, count) in enumerate((("install", 40), ("active", 25)))
        for number in range(count)
    ]
    answer = page.request.post(f"{server}/v1/events", data=events)
    assert answer.status == 202, answer.text()


def look(browser: Browser, page: Page) -> None:
    """Nothing is wider than a phone, in the dark too."""
    state = page.context.storage_state()
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, color_scheme="dark", storage_state=state
    )
    small = context.new_page()
    origin = page.url.partition("/console")[0]
    for name in ("", "/customers", "/licenses", "/licenses/new", "/packages", "/tokens", "/audit"):
        small.goto(f"{origin}/console{name}")
        wide = small.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{name} is {wide} wide"
        picture(small, f"small{name.replace('/', '-')}")
    context.close()
