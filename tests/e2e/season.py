"""The people of a season, and a server whose clock moves from one day to the next.

Each person has a window of their own and keeps it for the whole season, as a trustee keeps the
device with the key.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser

from tests.apps.printing.reading import text_of
from tests.e2e.serving import Demo, free_port, serving
from tests.e2e.signing import code_for, digits_of, secret_of
from tests.e2e.visits import DESK, PHONE, Visit

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")


class Season:
    """One neighbourhood's year. `begins` is the moment at which the first server starts."""

    def __init__(self, browser: Browser, data: Path, begins: datetime) -> None:
        self.browser = browser
        self.data = data
        self.begins = begins
        self.port = free_port()
        self.windows: dict[str, Visit] = {}
        self._offset = timedelta()
        self._taken: dict[str, str] = {}
        self.secrets: dict[str, str] = {}  # of apps that were set up on the way
        self._signed_in: set[str] = set()  # since this server started
        self.demo: Demo | None = None

    def now(self) -> datetime:
        """What the server's clock says."""
        return datetime.now(UTC) + self._offset

    @contextmanager
    def on(self, *, day: int, hour: int) -> Iterator[None]:
        """The server runs from this hour, `day` days after the season began."""
        at = (self.begins + timedelta(days=day)).replace(hour=hour)
        self._offset = at - datetime.now(UTC)
        self._signed_in.clear()
        with serving(self.data, self.port, at=at) as self.demo:
            yield

    def window(self, who: str, size: dict = DESK, *, scripts: bool = False) -> Visit:
        """This person's own window, opened when they are first met."""
        if who not in self.windows:
            self.windows[who] = Visit(
                self.browser, f"http://127.0.0.1:{self.port}", size, scripts=scripts
            )
        return self.windows[who]

    def phone(self, who: str) -> Visit:
        return self.window(who, PHONE)

    def signed_in(self, email: str, *, scripts: bool = False) -> Visit:
        """Their window, signed in today; whoever moves money has typed what their app shows."""
        assert self.demo is not None
        window = self.window(email, scripts=scripts)
        if email in self._signed_in:
            return window
        self._signed_in.add(email)
        window.context.clear_cookies(name="doorstep")
        page = window.page
        window.open("/accounts/login/")
        before = len(self.demo.letters())
        page.get_by_label("Your e-mail address").fill(email)
        page.get_by_role("button", name="Send me a code").click()
        self.letter_after(before, email)
        page.get_by_label("Code from the e-mail").fill(code_for(self.demo, email))
        page.get_by_role("button", name="Continue").click()
        window.look()
        if page.get_by_label("Six digits, or a recovery code").count():
            self._show_the_app(window, email)
        assert page.locator("h1").inner_text() == "Your desk", page.locator("main").inner_text()
        return window

    def _show_the_app(self, window: Visit, email: str) -> None:
        """An app's number works once, so wait for one that was not used before."""
        secret = self.secrets.get(email) or secret_of(self.demo, email)
        while (number := digits_of(secret, self.now().timestamp())) == self._taken.get(email):
            time.sleep(0.5)
        self._taken[email] = number
        window.page.get_by_label("Six digits, or a recovery code").fill(number)
        window.page.get_by_role("button", name="Sign in").click()
        window.look()

    def set_up_the_app(self, window: Visit, email: str) -> None:
        """From the page that asks for it, to the page that was wanted."""
        page = window.page
        self.secrets[email] = page.locator("#authenticator_secret").inner_text()
        self._taken[email] = digits_of(self.secrets[email], self.now().timestamp())
        page.get_by_label("Six digits").fill(self._taken[email])
        page.get_by_role("button", name="Switch on the second step").click()
        window.look()
        page.get_by_role("link", name="go on to the page I wanted").click()
        window.look()

    def letter_after(self, count: int, about: str, *, within: float = 90) -> str:
        """The first e-mail to or about somebody that comes after `count` others."""
        assert self.demo is not None
        end = time.monotonic() + within
        while time.monotonic() < end:
            for letter in self.demo.letters()[count:]:
                if about in letter:
                    return letter
            time.sleep(0.2)
        raise AssertionError(f"no letter to {about} in {within} s")

    def faults(self) -> list[str]:
        return [
            f"{who}: {fault}" for who, window in self.windows.items() for fault in window.faults
        ]

    def close(self) -> None:
        for window in self.windows.values():
            window.close()


def codes_in(words: str) -> list[str]:
    """The voting codes on paper, each once, in the order of the paper."""
    return list(dict.fromkeys(CODE.findall(words)))


def print_with(window: Visit, button: str) -> str:
    """Press a button that prints, and read the paper."""
    with window.page.expect_download() as waiting:
        window.page.get_by_role("button", name=button).click()
    return text_of(waiting.value.path().read_bytes())
