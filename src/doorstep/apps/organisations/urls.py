"""Addresses of this room; those of a group's bank account stand with the payments."""

from django.urls import path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>
from doorstep.apps.organisations.views import holder, papers, people, reader

urlpatterns = [
    path("desk/passports/", holder.listed, name="passports"),
    path("desk/passports/new/", holder.start, name="passport-start"),
    path("passports/<slug:slug>/", holder.page, name="passport"),
    path("passports/<slug:slug>/people/", people.page, name="passport-people"),
    path("passports/<slug:slug>/papers/", papers.papers, name="passport-papers"),
    path("passports/<slug:slug>/papers/<number:pk>/", papers.paper_file, name="passport-paper"),
    path("passports/<slug:slug>/papers/<number:pk>/out/", papers.take_out, name="passport-out"),
    path("passports/<slug:slug>/sharing/", papers.sharing, name="passport-sharing"),
    path("passports/<slug:slug>/sharing/<number:pk>/end/", papers.take_back, name="passport-end"),
    path("passports/<slug:slug>/sponsor/", papers.sponsor, name="passport-sponsor"),
    path("passports/read/<number:pk>/", reader.page, name="passport-read"),
    path("passports/read/<number:pk>/<number:document>/", reader.paper, name="passport-read-paper"),
]
