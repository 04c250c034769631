"""The page verify/ of a copy that `doorstep restore-public` made: over the web, over a web where no
signature can be checked, and from a disk."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import ARGUMENTS
from tests.e2e.serving import SHOTS
from tests.e2e.visits import DESK, PHONE
from tests.engine.seal.loopback import serving
from tests.engine.seal.two_checkers import verdict_of_python_on

FITS = "Everything that was published fits together."
PAGE, WELSH = "verify/index.html", "cy/verify/index.html"


@pytest.fixture(scope="module")
def made(demo, bundle, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("restored") / "copy"
    demo.run("restore-public", bundle, folder)
    return folder


@pytest.fixture
def copy(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


@pytest.fixture
def page(browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def check(page: Page, address: str) -> tuple[str, list[str]]:
    """What the page says of the copy that it is part of: the verdict, and what it went through."""
    page.goto(address)
    page.click("[data-part=site]")
    page.wait_for_selector("[data-part=verdict]:not([hidden])")
    lines = page.locator("[data-part=lines] li").all_inner_texts()
    return page.inner_text("[data-part=verdict]"), lines


def picture(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        page.screenshot(path=SHOTS / f"copy-{name}-{size['width']}.png", full_page=True)


def test_it_is_right_as_verify_py_finds_it_at_the_same_address(copy, page):
    with serving(copy) as address:
        of_python = verdict_of_python_on(address)
        assert of_python["kind"] == "right"
        for where in (PAGE, WELSH):
            told, lines = check(page, f"{address}/{where}")
            assert "Right" in told or "Cywir" in told, told
            picture(page, where.split("/")[0])
            if where == PAGE:
                assert lines == of_python["lines"]
                assert lines[0].startswith("Files: ")


def test_a_changed_page_of_it_is_found(copy, page):
    home = copy / "index.html"
    home.write_text(home.read_text().replace("£", "$"))
    with serving(copy) as address:
        told, _lines = check(page, f"{address}/{PAGE}")
        assert "The file index.html is not what its checksum says." in told
        assert verdict_of_python_on(address)["says"] in told


def test_where_no_signature_can_be_checked_nothing_is_called_right(copy, browser: Browser):
    """Browsers have Ed25519 at https addresses and on the machine itself, not elsewhere on http."""
    elsewhere = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=[*ARGUMENTS, "--host-resolver-rules=MAP copy.example 127.0.0.1"],
    )
    page = elsewhere.new_page(viewport=PHONE)
    with serving(copy) as address:
        told, lines = check(page, f"http://copy.example:{urlsplit(address).port}/{PAGE}")
        assert "Not checked in full" in told
        assert "this browser cannot check signatures" in told
        assert FITS not in told
        assert page.evaluate("localStorage.getItem('doorstep-seen')") is None
        assert lines[0].startswith("Files: ")
        picture(page, "unsigned")
        tile = copy / "record/log/public/tile/0/000"
        tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
        (copy / "SHA256SUMS").unlink()
        told, _lines = check(page, page.url)
        assert "The hashes tile/0/000 are not those of the leaves." in told
    elsewhere.close()


@pytest.mark.parametrize("where", [PAGE, WELSH])
def test_from_a_disk_it_says_what_to_do_instead(copy, page, where):
    """Browsers run no modules from a disk, so nothing may look as if it could be pressed."""
    page.goto((copy / where).as_uri())
    notice = page.inner_text("[data-part=without-scripts]")
    assert "verify.py" in notice
    assert ("from a disk" in notice) or ("o ddisg" in notice), notice
    assert not page.is_visible("[data-part=needs-scripts]")
    assert page.is_visible("a[download]")
    picture(page, f"disk-{where.split('/')[0]}")
