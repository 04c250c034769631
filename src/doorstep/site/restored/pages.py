"""Writes the pages: English at the top, Welsh below cy/, every link relative, so that a copy reads
the same from a disk, a memory stick or any web server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

import doorstep.site
from doorstep.apps.record.checking import SCRIPTS, catalogue
from doorstep.engine.seal.joined import verify_file

from . import figures
from .reading import LOG, Bundle

LANGUAGES = (("en-gb", ""), ("cy", "cy/"))
LINES_ON_A_PAGE = 250
STATIC = Path(doorstep.site.__file__).parent / "static"


def pages(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every page and of what pages need."""
    for language, top in LANGUAGES:
        with translation.override(language):
            for path, template, data in _every(bundle, top):
                yield f"{top}{path}", _page(top, path, template, data)
    yield "verify.py", verify_file()  # ours: whoever reads the copy is told to run it
    for name in ("doorstep.css", "door.svg"):
        yield f"static/{name}", (STATIC / name).read_bytes()
    for script in sorted(SCRIPTS.glob("*.js")):
        yield f"static/verify/{script.name}", script.read_bytes()


def _page(top: str, path: str, template: str, data: dict[str, Any]) -> bytes:
    """A page, with the way from it to the top of its language (`home`) and of the copy (`root`)."""
    home = "../" * path.count("/") or "./"
    root = home + "../" * top.count("/")
    links = {"home": home, "root": root, "other": f"{root}{'' if top else 'cy/'}{path}"}
    return render_to_string(f"restored/{template}.html", {**links, **data}).encode()


def _every(bundle: Bundle, top: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    found = figures.places(bundle)
    ledgers = sorted(path.name for path in (bundle.folder / "ledger").glob("*"))
    about = {"signed": bundle.signed, "until": figures.last_day(bundle), "ledgers": ledgers}
    yield "index.html", "home", {"places": found, **about}
    for place in found:
        yield f"places/{place.slug}/index.html", "place", {"place": place}
        for vote in place.votes:
            yield f"rounds/{vote.slug}/index.html", "vote", {"vote": vote, "place": place}
    size = len(bundle.leaves)
    for number, start in enumerate(range(0, size, LINES_ON_A_PAGE)):
        end = min(start + LINES_ON_A_PAGE, size)
        data = {
            "lines": figures.lines(bundle, start, end),
            "earlier": number - 1 if number else None,
            "later": number + 1 if end < size else None,
        }
        yield f"record/lines/{number}/index.html", "lines", data
    note = bundle.file(f"{LOG}/checkpoint") or b""
    site = "../../" if top else "../"
    check = {"data": {"words": catalogue(), "site": site}, "note": note.decode()}
    yield "verify/index.html", "check", check
