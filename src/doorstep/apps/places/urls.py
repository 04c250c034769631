"""Addresses of this room. The page of one place joins several rooms, so it is the site's."""

from django.urls import path

from doorstep.apps.places import views

app_name = "places"
urlpatterns = [
    path("places/", views.places, name="list"),
    path("street/", views.street, name="street"),
]
