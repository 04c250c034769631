"""The page that explains the API to people, and its description for programs."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from doorstep.apps.public import public

from .api import PREFIX, document, operations
from .listing import DEFAULT, MOST, listed
from .problems import not_found


@public
def explained(request: HttpRequest) -> HttpResponse:
    lists = [(gettext(one.title), one.path) for one in listed if "{" not in one.path]
    return render(
        request,
        "opendata/explained.html",
        {
            "lists": lists,
            "operations": [one for one in operations() if not one[0].endswith(".csv")],
            "default": DEFAULT,
            "most": MOST,
            "address": f"{settings.ADDRESS}/{PREFIX}",
            "prefix": f"/{PREFIX}".rstrip("/"),
            "licence": settings.DATA_LICENCE,
        },
    )


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document."""
    return HttpResponse(json.dumps(document(), ensure_ascii=False), "application/json")


def nothing(request: HttpRequest) -> HttpResponse:
    """An address under the API that leads nowhere."""
    return not_found()
