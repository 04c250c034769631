from django.urls import path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>

from . import views

app_name = "record"
urlpatterns = [
    path("record/", views.record_list, name="list"),
    path("record/<number:idx>/", views.record_leaf, name="leaf"),
    path("record/<number:idx>/leaf.json", views.record_bytes, name="bytes"),
]
