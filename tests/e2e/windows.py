"""What everybody does in a window: press, read, and wait for what takes a moment."""

import time
from collections.abc import Callable

from tests.e2e.visits import Visit


def press(window: Visit, name: str) -> None:
    window.page.get_by_role("button", name=name).click()
    window.look()


def words(window: Visit) -> str:
    return window.page.locator("main").inner_text()


def opened(window: Visit, path: str) -> str:
    window.open(path)
    return words(window)


def wait_until(true: Callable[[], bool], what: str, *, within: float = 30) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, f"{what} did not come in {within} s"
        time.sleep(0.3)


def done(window: Visit, button: str) -> None:
    """Press what the trustee's own browser does, and wait for the page that follows."""
    page = window.page
    before = page.locator("main h2").first.inner_text()
    page.get_by_role("button", name=button).click()
    page.wait_for_function(
        "before => document.querySelector('main h2').innerText !== before", arg=before
    )
    window.look()
