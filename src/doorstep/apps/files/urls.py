"""Addresses of this room."""

from django.urls import URLPattern, path

from doorstep.apps.files import views

urlpatterns: list[URLPattern] = [
    path("files/<slug:token>/", views.file, name="file"),
]
