"""Pages and answers that the site itself owes: language, health, accessibility, its own source."""

import io
import tarfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

import doorstep
from doorstep import __version__
from doorstep.apps.public import public, public_form

YEAR = 365 * 24 * 3600
PLAIN = "text/plain; charset=utf-8"


# No CSRF token: the button stands on pages that are kept for every visitor, and the worst that
# another site could do with it is to show somebody this one in Welsh.
@public_form
@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and return to the page the button stood on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, None) or not back.startswith("/"):
        back = "/"
    response = HttpResponseRedirect(back)
    response.status_code = 303
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok" while the database answers, 503 when it does not: for whoever watches the server."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", PLAIN, 503)
    return HttpResponse("ok\n", PLAIN)


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """How the site meets WCAG 2.2 AA, and whom to tell when it does not."""
    return render(request, "service/accessibility.html")


@public
def source(request: HttpRequest) -> HttpResponse:
    """The licence, and where this install's own source is."""
    return render(request, "service/source.html", {"version": __version__})


@public
def source_archive(request: HttpRequest) -> HttpResponse:
    """The source of what is running here, as the AGPL promises to everyone who uses it."""
    name = f"doorstep-{__version__}.tar.gz"
    return HttpResponse(
        packed_source(),
        content_type="application/gzip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


ROOT_FILES = ("doorstep", "pyproject.toml", "README.md", "LICENSE")
ROOT_FOLDERS = ("src", "docs", "tests", "bench", "requirements", ".ci")


@cache
def packed_source() -> bytes:
    """The package, with tests, docs and build files where this runs from a clone; about 1 MB."""
    package = Path(doorstep.__file__).resolve().parent
    root = package.parent.parent
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        if (root / "pyproject.toml").exists():
            for name in (*ROOT_FILES, *ROOT_FOLDERS):
                if (root / name).exists():
                    archive.add(root / name, f"doorstep-{__version__}/{name}", filter=_as_source)
        else:
            archive.add(package, f"doorstep-{__version__}/src/doorstep", filter=_as_source)
    return packed.getvalue()


def _as_source(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out what Python makes for itself, and who owns the files on this machine."""
    name = Path(member.name).name
    if name == "__pycache__" or name.endswith((".pyc", ".mo", ".egg-info")):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


# What the server is now, and what was taken home: neither is a function of the record.
healthz.cacheable = source_archive.cacheable = False  # type: ignore[attr-defined]
