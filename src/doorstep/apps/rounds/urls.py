"""Addresses of this room. Rounds of a place, a round's own page and its freeze join several rooms:
the site's."""

from django.urls import path

from doorstep.apps.rounds import views

urlpatterns = [
    path("places/<slug:slug>/rounds/new/", views.new, name="round-new"),
    path("rounds/<slug:slug>/edit/", views.edit, name="round-edit"),
    path("rounds/<slug:slug>/delete/", views.delete, name="round-delete"),
    path("rounds/<slug:slug>/cancel/", views.cancel, name="round-cancel"),
    path("rounds/<slug:slug>/withdraw/", views.withdraw, name="round-withdraw"),
    path("rounds/<slug:slug>/totals.json", views.totals, name="round-totals"),
    path("rounds/<slug:slug>/sheet/", views.sheet, name="round-sheet"),
]
