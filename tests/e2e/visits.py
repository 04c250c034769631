"""What a browser visit must find on any page, and a list of the pages there are to visit."""

import re
import urllib.error
import urllib.request
from collections import defaultdict
from email.message import Message
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.e2e.serving import SHOTS

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
EACH_ROUTE = 2  # forty places share one template: two of them show what there is to see
# States that no link leads to: nothing found, one answer, several, too little, nothing yet.
STATES = (
    "/places/?q=nowhere",
    "/places/riverside/",
    "/street/?q=Mill+Lane",
    "/street/?q=Nowhere+Street",
    "/street/?q=a",
    "/street/?q=ZA1+5AA",
    "/street/?q=ZA1+1AZ",
    "/street/?q=ZA1",
    "/street/?q=CF10+1AA",
    "/map/E02990004/",
    "/fund/alderdale/forecast/?fund.return=900",
    "/record/?about=award",
    "/record/?before=0",
    "/ledger/place/millbrook-east/?money=example",
    "/ledger/place/riverside/",
    "/rounds/millbrook-wharf-2026/",
    "/accounts/login/",
    "/accounts/signup/",
    "/vote/",
    "/vote/about/",
    "/asked/",
    "/rounds/millbrook-east-2026/share/",
    "/rounds/millbrook-east-autumn-2026/voting/",
    "/rounds/millbrook-west-next/ideas/",
    "/rounds/millbrook-west-next/ideas/?q=nothing+like+it",
    "/rounds/millbrook-west-next/propose/",
    "/places/millbrook-east/money/bank/",
    "/places/riverside/money/bank/",
)
NOT_PAGES = ("/static/", "/accounts/", "/source/archive/", "/desk/")
RULES = {
    "runOnly": [*("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"), "best-practice"],
    "resultTypes": ["violations"],
}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def public_pages(address: str) -> list[str]:
    """Paths of HTML pages that a stranger reaches from the home page, a few of each kind."""
    waiting, seen, pages = ["/"], {"/"}, []
    of_route: dict[str, int] = defaultdict(int)
    while waiting:
        path = waiting.pop(0)
        route = resolve(urlsplit(path).path).route
        if of_route[route] >= EACH_ROUTE:
            continue
        of_route[route] += 1
        status, headers, body = ask(address, path)
        assert status == 200, f"{path} answered {status}"
        if not headers["Content-Type"].startswith("text/html"):
            continue
        links = _Links()
        links.feed(body.decode())
        pages.append(path)
        for link in links.found:
            target = urlsplit(urldefrag(urljoin(address + path, link)).url)
            there = target.path + (f"?{target.query}" if target.query else "")
            inside = f"{target.scheme}://{target.netloc}" == address
            if inside and there not in seen and not there.startswith(NOT_PAGES):
                seen.add(there)
                waiting.append(there)
    return [*pages, *(state for state in STATES if state not in pages)]


class Visit:
    """One browser window, and everything that went wrong in it."""

    def __init__(
        self, browser: Browser, address: str, size: dict, *, scripts: bool, **more
    ) -> None:
        self.address = address
        self.size = size
        self.scripts = scripts
        self.context: BrowserContext = browser.new_context(
            viewport=size, java_script_enabled=scripts, **more
        )
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.expected = {200}
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def close(self) -> None:
        self.context.close()

    def _console(self, message) -> None:
        failed = "Failed to load resource" in message.text  # told by _response, with its status
        if message.type in {"error", "warning"} and not failed:
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.faults.append(f"third party asked: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status} for {response.url}")

    def open(self, path: str, status: int = 200) -> None:
        """Go to a page and check that it is one: status, title, one heading, no sideways scroll."""
        self.expected = {200, status}
        answer = self.page.goto(self.address + path, wait_until="load")
        assert answer is not None
        if answer.status != status:
            self.faults.append(f"{path} answered {answer.status}, not {status}")
        self.look(path)

    def look(self, path: str = "") -> None:
        """Check the page that stands in the window now."""
        self.page.wait_for_load_state("load")
        path = path or urlsplit(self.page.url).path
        title = self.page.title()
        if not re.match(r"\S.* – Doorstep$", title):
            self.faults.append(f"{path}: title is {title!r}")
        if self.page.locator("h1").count() != 1:
            self.faults.append(f"{path}: {self.page.locator('h1').count()} h1")
        if wide := self.overflow():
            self.faults.append(f"{path}: wider than the window at {self.size['width']}: {wide}")

    def overflow(self) -> list[str]:
        """Boxes of the page that stick out of the window, unless they scroll inside themselves."""
        width = self.size["width"]
        if self.scripts:
            return self.page.evaluate(STICKS_OUT, width)
        # Without scripts, ask the browser itself: a full-page picture is as wide as the page.
        picture = self.page.screenshot(full_page=True)
        drawn = int.from_bytes(picture[16:20], "big")
        return [f"{drawn} px drawn"] if drawn > width else []

    def accessible(self) -> None:
        """Run axe on the page that stands in the window now."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        for violation in found:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            path = urlsplit(self.page.url).path
            self.faults.append(f"{path}: axe {violation['id']}: {violation['help']}: {nodes}")

    def picture(self, name: str) -> Path:
        """Save the whole page as a picture, for people to look at."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}-{self.size['width']}.png"
        self.page.screenshot(path=path, full_page=True)
        return path


STICKS_OUT = """width => {
  if (document.documentElement.scrollWidth <= width) return [];
  const out = box => box.getBoundingClientRect().right > width + 1;
  const boxes = [...document.querySelectorAll('body *')].filter(out);
  // Words can stick out of a box that fits.
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (!boxes.length && texts.nextNode()) {
    const words = document.createRange();
    words.selectNodeContents(texts.currentNode);
    if (out(words)) boxes.push(texts.currentNode.parentElement);
  }
  return boxes.length
    ? boxes.slice(0, 5).map(e => e.outerHTML.slice(0, 120))
    : [`${document.documentElement.scrollWidth} px, by no box or word`];
}"""


def name_of(path: str) -> str:
    """A file name for a path: /places/millbrook-east/ is places-millbrook-east."""
    return re.sub(r"[^\w-]+", "-", path).strip("-") or "home"


def ask(address: str, path: str, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and bytes of an address, as curl would get them."""
    request = urllib.request.Request(address + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()
