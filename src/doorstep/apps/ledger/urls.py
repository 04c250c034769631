from django.urls import path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>

from . import views

app_name = "ledger"
urlpatterns = [
    path("ledger/<number:seq>/", views.entry_page, name="entry"),
    path("ledger/place/<slug:slug>/", views.place_page, name="place"),
    path("ledger/place/<slug:slug>/entries.csv", views.place_entries_csv, name="place-csv"),
]
