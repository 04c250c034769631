"""Addresses of this room."""

from django.urls import path

from doorstep.apps.promises import views

app_name = "promises"
urlpatterns = [
    path("places/<slug:slug>/promises/", views.at_place, name="place"),
    path("places/<slug:slug>/promises/new/", views.new, name="new"),
    path("places/<slug:slug>/promises/duties/", views.duties, name="duties"),
    path("desk/promises/", views.mine, name="mine"),
    path("promises/of/<slug:slug>/", views.of_body, name="body"),
    path("promises/holidays/", views.holidays, name="holidays"),
    path("desk/promises/calendars/", views.calendars, name="calendars"),
    path("desk/promises/calendars/<number:pk>/end/", views.end_calendar, name="end-calendar"),
    path("promises/calendar/<str:token>/", views.calendar, name="calendar"),
    path("promises/<number:pk>/", views.one, name="one"),
    path("promises/<number:pk>/work/", views.work, name="work"),
]
