"""Addresses of this room."""

from django.urls import path

from doorstep.apps.partnerships.views import (
    council,
    learning,
    meetings,
    plans,
    seats,
    starting,
    work,
)

app_name = "partnerships"
_PLACE = "places/<slug:slug>/meetings/"
_ONE = f"{_PLACE}<number:number>/"
urlpatterns = [
    path("places/<slug:slug>/members/", seats.listed, name="members"),
    path("places/<slug:slug>/members/work/", seats.work, name="members-work"),
    path("places/<slug:slug>/members/work/<number:pk>/", seats.seat, name="seat"),
    path("places/<slug:slug>/members/work/fill/<number:number>/", seats.filling, name="filling"),
    path("places/<slug:slug>/council/", council.page, name="council"),
    path("places/<slug:slug>/council/work/", council.work, name="council-work"),
    path("places/<slug:slug>/council/answer/", council.answer, name="council-answer"),
    path("places/<slug:slug>/starting/", starting.page, name="starting"),
    path("places/<slug:slug>/starting/work/", starting.work, name="starting-work"),
    path("places/<slug:slug>/learned/", learning.page, name="learning"),
    path("places/<slug:slug>/learned/work/", learning.work, name="learning-work"),
    path("places/<slug:slug>/plan/work/", plans.work, name="plan-work"),
    path("places/<slug:slug>/plan/answer/", plans.answer, name="plan-answer"),
    path(_PLACE, meetings.listed, name="meetings"),
    path(f"{_PLACE}new/work/", work.call, name="call"),
    path(_ONE, meetings.one, name="meeting"),
    path(f"{_ONE}work/", work.overview, name="work"),
    path(f"{_ONE}work/add/", work.add, name="add-item"),
    path(f"{_ONE}work/interest/", work.declare, name="declare"),
    path(f"{_ONE}work/items/<number:item>/", work.decide, name="decide"),
    path(f"{_ONE}work/items/<number:item>/paper/", work.paper, name="paper"),
    path(f"{_ONE}work/end/", work.end, name="end"),
    path(f"{_ONE}work/minutes/", work.minutes, name="minutes"),
]
