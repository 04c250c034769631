"""A client that reads pages as strictly as a person who cannot see them has to.

Use the `page` fixture: `page.get("/places/")` asks for the address, parses the answer as HTML5,
and fails with every fault it finds, each with what to write instead. Then ask it questions:
`.title`, `.heading`, `.text`, `.links`, `.table(0)`, `.status`. The raw client stays in reach as
`page.client`, for signing in.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

NAMED_BY = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list")
NEEDS_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
UNRENDERED = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|&lt;|&amp;|<django|object at 0x|%\(\w+\)s")
# The frame's own links are checked once, by a test of the frame.
FRAME = {"header", "footer"}


class Page:
    """One answer, parsed. Everything here is what a reader would meet, in reading order."""

    def __init__(self, response: HttpResponse, address: str) -> None:
        self.response = response
        self.status = response.status_code
        self.address = address
        self.html = response.content.decode()
        parser = html5lib.HTMLParser(
            tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False
        )
        self.root: Element = parser.parse(self.html)
        self.errors = parser.errors
        for element in self.root.iter():
            if isinstance(element.tag, str):
                element.tag = element.tag.rpartition("}")[2]  # SVG comes with its namespace

    def all(self, *tags: str) -> list[Element]:
        return [e for e in self.root.iter() if isinstance(e.tag, str) and e.tag in tags]

    @property
    def title(self) -> str:
        return words(self.all("title")[0]) if self.all("title") else ""

    @property
    def heading(self) -> str:
        return words(self.all("h1")[0]) if self.all("h1") else ""

    @property
    def text(self) -> str:
        """The words of the main part, with single spaces; what a script reads is no words."""
        main = (self.all("main") or [self.root])[0]
        return " ".join(" ".join(_read(main)).split())

    @property
    def links(self) -> dict[str, str]:
        """Words of each link to its address."""
        return {words(a): a.get("href", "") for a in self.all("a")}

    def table(self, number: int = 0) -> list[list[str]]:
        """The rows of a table, as words."""
        table = self.all("table")[number]
        rows = [e for e in table.iter() if e.tag == "tr"]
        return [[words(cell) for cell in row if cell.tag in {"td", "th"}] for row in rows]

    def inputs(self, action: str) -> dict[str, str]:
        """Name and value of every hidden or filled input of the form that posts to `action`."""
        form = next(f for f in self.all("form") if f.get("action", "") in {action, ""})
        return {
            e.get("name", ""): e.get("value", "")
            for e in form.iter()
            if e.tag == "input" and e.get("name")
        }


def words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _read(element: Element) -> Iterator[str]:
    if element.tag != "script":
        yield element.text or ""
        for child in element:
            yield from _read(child)
            yield child.tail or ""


def faults(page: Page) -> list[str]:
    """Everything wrong with a page, each with what to do about it."""
    found: list[str] = []
    for check in CHECKS:
        found.extend(check(page))
    return found


def _syntax(page: Page) -> Iterator[str]:
    for (line, column), code, detail in page.errors:
        yield f"not HTML5 at line {line}, column {column}: {code} {detail}"


def _frame(page: Page) -> Iterator[str]:
    if page.all("html")[0].get("lang") not in {"en-GB", "cy"}:
        yield "no language: extend base.html"
    if not page.title or page.title.startswith("–"):
        yield "no title: fill {% block title %}"
    heads = page.all("h1")
    if len(heads) != 1 or not words(heads[0]):
        yield f"{len(heads)} h1: every page has one, and it is not empty"
    if len(page.all("main")) != 1:
        yield "no main: extend base.html"
    level = 0
    for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
        now = int(heading.tag[1])
        if level and now > level + 1:
            yield f"heading jumps from h{level} to h{now}: {words(heading)!r}"
        level = now


def _ids(page: Page) -> Iterator[str]:
    ids = Counter(e.get("id") for e in page.root.iter() if e.get("id"))
    for name, times in ids.items():
        if times > 1:
            yield f"id {name!r} stands {times} times: ids are unique on a page"
    for element in page.root.iter():
        for attribute in NAMED_BY:
            for name in element.get(attribute, "").split():
                if name not in ids:
                    yield f"{element.tag} {attribute}={name!r} names nothing on the page"


def _labels(page: Page) -> Iterator[str]:
    named = {e.get("for") for e in page.all("label")}
    inside = {id(e) for label in page.all("label") for e in label.iter()}
    for box in page.all("input", "select", "textarea"):
        if box.tag == "input" and box.get("type", "text") in NEEDS_NO_LABEL:
            continue
        if box.get("id") not in named and id(box) not in inside and not box.get("aria-label"):
            yield f"no label for {box.get('name')!r}: use {{% field form.{box.get('name')} %}}"
    for button in page.all("button", "a"):
        if not words(button) and not button.get("aria-label"):
            yield f"{button.tag} without words"


def _pictures(page: Page) -> Iterator[str]:
    for picture in page.all("img"):
        if picture.get("alt") is None:
            yield f"img without alt: {picture.get('src', '')[:60]}"
    for svg in page.all("svg"):
        drawn = svg.get("aria-hidden") == "true"
        if not drawn and not any(child.tag == "title" for child in svg):
            yield "svg without a title: give it one, or aria-hidden=true beside its table"


def _forms(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        fields = {e.get("name") for e in form.iter()}
        posts = form.get("method", "get").lower() == "post"
        if posts and "csrfmiddlewaretoken" not in fields and form.get("action") != "/language/":
            yield f"form to {form.get('action')!r} has no {{% csrf_token %}}"


def _policy(page: Page) -> Iterator[str]:
    for element in page.root.iter():
        if element.get("style") is not None:
            yield f"{element.tag} has a style attribute: the content policy drops it; use a class"
        for attribute in element.attrib:
            if attribute.startswith("on"):
                yield f"{element.tag} has {attribute}: no inline script"
        for attribute in ("src", "href", "action"):
            if element.get(attribute, "").strip().lower().startswith("javascript:"):
                yield f"{element.tag} {attribute} runs a script"
        source = element.get("src") or (element.get("href") if element.tag == "link" else "")
        if source and urlsplit(source).netloc:
            yield f"{element.tag} asks a third party: {source}"


def _scripts(page: Page) -> Iterator[str]:
    if page.all("style"):
        yield "a style element: write it in doorstep.css"
    for script in page.all("script"):
        if words(script) and script.get("type") != "application/json":
            yield "an inline script: the content policy drops it; put it in a static file"


def _links(page: Page) -> Iterator[str]:
    framed = {id(e) for part in page.all(*FRAME) for e in part.iter()}
    ids = {e.get("id") for e in page.root.iter()}
    for link in page.all("a"):
        target = link.get("href")
        if target is None or id(link) in framed:
            continue
        parts = urlsplit(target)
        if target.startswith("#"):
            if target[1:] and target[1:] not in ids:
                yield f"link {target} leads nowhere on this page"
        elif not parts.scheme and not parts.netloc and not leads_somewhere(page.address, target):
            yield f"link to {target!r}: no such address; use {{% url %}}"


def leads_somewhere(base: str, target: str) -> bool:
    """Whether an address leads to a view."""
    try:
        resolve(urlsplit(urljoin(base, target)).path)
    except Resolver404:
        return False
    return True


def _tables(page: Page) -> Iterator[str]:
    for table in page.all("table"):
        if not any(c.tag == "caption" and words(c) for c in table) and not table.get("aria-label"):
            yield "table without a caption: say what it shows"
        if not any(e.tag == "th" for e in table.iter()):
            yield "table without headings: th scope=col, th scope=row"
        for head in (e for e in table.iter() if e.tag == "th"):
            if head.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
                yield f"th without scope: {words(head)!r}"


def _wording(page: Page) -> Iterator[str]:
    said = UNRENDERED.search(page.text) or UNRENDERED.search(page.title)
    if said:
        yield f"something was not rendered: {said.group()!r} stands in the words"


CHECKS = (
    _syntax,
    _frame,
    _ids,
    _labels,
    _pictures,
    _forms,
    _policy,
    _scripts,
    _links,
    _tables,
    _wording,
)


class PageClient:
    """Asks for pages and refuses faulty ones; see the top of this file."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(
        self, address: str, data: Mapping | None = None, *, status: int = 200, **options: object
    ) -> Page:
        return self.read(self.client.get(address, data, **options), address, status)

    def post(
        self, address: str, data: Mapping | None = None, *, status: int = 200, **options: object
    ) -> Page:
        """Send a form and follow where it leads, as a browser would."""
        response = self.client.post(address, data or {}, follow=True, **options)
        return self.read(response, response.request["PATH_INFO"], status)

    def read(self, response: HttpResponse, address: str, status: int) -> Page:
        assert response.status_code == status, (
            f"{address} answered {response.status_code}, not {status}: "
            f"{response.content[:300]!r} {response.get('Location', '')}"
        )
        read = Page(response, address)
        found = faults(read)
        assert not found, f"{address}:\n  " + "\n  ".join(found)
        return read
