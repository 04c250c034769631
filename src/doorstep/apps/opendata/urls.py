"""Addresses of this room: the operations, each behind the door, and the page that explains them."""

from django.urls import URLPattern, include, path, re_path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>

from . import views
from .api import PREFIX, api
from .door import door

app_name = "opendata"


def _operations() -> list[URLPattern]:
    found, _app, _namespace = api.urls
    return [
        URLPattern(one.pattern, door(one.callback), name=one.name)
        for one in found
        if isinstance(one, URLPattern) and one.name != "api-root"
    ]


urlpatterns = [
    path("api/", views.explained, name="explained"),
    path(
        PREFIX,
        include(
            [
                path("openapi.json", door(views.openapi), name="openapi"),
                *_operations(),
                re_path(r"^[\s\S]*$", door(views.nothing), name="nothing"),
            ]
        ),
    ),
]
