"""Every public page, on a phone and on a desk, with JavaScript and without, in both languages."""

import pytest

from tests.e2e.visits import DESK, PHONE, Visit, ask, name_of, public_pages

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
ON_THE_WIRE = 30_000


@pytest.fixture(scope="module")
def pages(demo):
    found = public_pages(demo.address)
    assert "/" in found
    assert len(found) >= 10, found
    return found


@pytest.fixture
def visit(browser, demo):
    opened = []

    def open_window(size, *, scripts, **more):
        opened.append(Visit(browser, demo.address, size, scripts=scripts, **more))
        return opened[-1]

    yield open_window
    for window in opened:
        window.close()


@SIZES
@pytest.mark.parametrize("scripts", [False, True], ids=["no-js", "js"])
def test_every_public_page_reads_well(pages, visit, size, scripts):
    window = visit(size, scripts=scripts)
    for path in pages:
        window.open(path)
        if not scripts:
            window.picture(name_of(path))
    assert not window.faults, "\n".join(window.faults)


@SIZES
def test_axe_finds_nothing_on_any_public_page(pages, visit, size):
    window = visit(size, scripts=True)
    for path in pages:
        window.open(path)
        window.accessible()
    assert not window.faults, "\n".join(window.faults)


@SIZES
def test_every_page_is_in_welsh_too(pages, visit, size):
    window = visit(size, scripts=True, locale="cy-GB")
    for path in pages:
        window.open(path)
        if window.page.locator("html").get_attribute("lang") != "cy":
            window.faults.append(f"{path} is not in Welsh")
        window.picture(f"cy-{name_of(path)}")
    window.accessible()
    assert not window.faults, "\n".join(window.faults)


def test_the_language_button_needs_no_script(visit):
    window = visit(PHONE, scripts=False)
    window.open("/accessibility/")
    window.page.get_by_role("button", name="Cymraeg").click()
    assert window.page.locator("html").get_attribute("lang") == "cy"
    assert window.page.url.endswith("/accessibility/")
    window.page.get_by_role("button", name="English").click()
    assert window.page.locator("html").get_attribute("lang") == "en-GB"


@SIZES
def test_wrong_turns_are_pages_too(visit, size):
    window = visit(size, scripts=True)
    for path, status in (("/no/such/page/", 404), ("/language/", 405)):
        window.open(path, status)
        window.accessible()
        window.picture(f"wrong-{status}")
    assert not window.faults, "\n".join(window.faults)


def test_the_keyboard_reaches_everything_and_starts_with_the_skip_link(visit):
    window = visit(DESK, scripts=True)
    window.open("/")
    window.page.keyboard.press("Tab")
    focused = "document.activeElement.getAttribute('href')"
    assert window.page.evaluate(focused) == "#main"
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("document.activeElement.id") == "main"


# A form for a stranger has a token of its own, and these tell what no leaf was written for: the
# nightly checks say by the clock when they are silent, and whose work it is has to sign in first.
NOT_KEPT = (
    *("/ideas/", "/propose/", "/share/", "/mark/", "/voting/", "/vote/"),
    *("/record/invariants/", "/record/backups/", "/work/"),
    # A stranger is asked to sign in.
    *("/forms/new/", "/quick-money/decide/", "/council/answer/", "/plan/answer/", "/plan/lines/"),
    "/rounds/millbrook-west-next/",  # a draft: nothing would ever end a page that was kept
)


def test_no_page_is_heavy_or_asks_for_the_same_twice(pages, demo):
    heavy = []
    # Sign-in belongs to one visitor; what is typed into the street look-up is not kept.
    for path in (path for path in pages if not path.startswith(("/accounts/", "/street/"))):
        status, headers, body = ask(demo.address, path, **{"Accept-Encoding": "gzip"})
        assert status == 200
        if len(body) > ON_THE_WIRE:
            heavy.append(f"{path}: {len(body)} bytes")
        if any(part in path for part in NOT_KEPT):
            continue
        if "Set-Cookie" in headers:
            heavy.append(f"{path} sets a cookie")
        again = ask(demo.address, path, **{"If-None-Match": headers.get("ETag", "")})
        if again[0] != 304:
            heavy.append(f"{path} was sent again unchanged")
    assert not heavy, "\n".join(heavy)


def test_pages_print_on_a4(pages, visit):
    window = visit(DESK, scripts=True)
    for path in pages:
        window.open(path)
        sheet = window.page.pdf(format="A4")
        assert sheet.startswith(b"%PDF")
    assert not window.faults, "\n".join(window.faults)


@pytest.mark.parametrize(
    "sticks_out",
    ['<p style="width: 500px">A wide box.</p>', '<p style="width: 9px">' + "m" * 60 + "</p>"],
    ids=["a box", "words"],
)
def test_nothing_that_sticks_out_of_a_phone_is_missed(browser, sticks_out):
    window = Visit(browser, "http://127.0.0.1", PHONE, scripts=True)
    window.page.set_content("<p>A page that fits.</p>")
    assert window.overflow() == []
    window.page.set_content(f"<p>A page.</p>{sticks_out}")
    (found,) = window.overflow()
    assert found.startswith(sticks_out[:10])
    window.close()
