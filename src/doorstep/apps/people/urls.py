"""Addresses of this room. `desk` is where signing in leads, so it stands outside a namespace."""

from django.urls import path

from doorstep.apps.people import views

urlpatterns = [
    path("desk/", views.my_desk, name="desk"),
    path("desk/log/", views.private_log, name="private-log"),
]
