"""Addresses of this room."""

from django.urls import URLPattern, path

from doorstep.apps.outbox import views

urlpatterns: list[URLPattern] = [
    path("messages/", views.backlog, name="messages"),
    path("messages/<number:pk>/again/", views.again, name="message-again"),
    path("messages/end/<slug:token>/", views.unsubscribe, name="unsubscribe"),
    path("places/<slug:slug>/letters/", views.letters, name="letters"),
    path("places/<slug:slug>/letters.pdf", views.letters_file, name="letters-file"),
]
