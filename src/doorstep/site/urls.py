"""Every address of the site. `guards` in tests/site proves that each is guarded or public."""

from django.urls import include, path

from doorstep.site import service
from doorstep.site.pages import rules

urlpatterns = [
    path("language/", service.choose_language, name="language"),
    path("healthz", service.healthz, name="healthz"),
    path("accessibility/", service.accessibility, name="accessibility"),
    path("source/", service.source, name="source"),
    path("source/archive/", service.source_archive, name="source_archive"),
    path("accounts/", include("allauth.urls")),
    path("", include("doorstep.apps.places.urls")),
    path("", include("doorstep.apps.people.urls")),
    path("rules/", rules.page, name="rules"),
]

handler400 = "doorstep.site.errors.bad_request"
handler403 = "doorstep.site.errors.forbidden"
handler404 = "doorstep.site.errors.not_found"
handler500 = "doorstep.site.errors.server_error"
