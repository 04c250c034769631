"""Addresses of this room."""

from django.urls import path

from doorstep.apps.voting.views import casting, codes

app_name = "voting"
urlpatterns = [
    path("vote/", casting.enter, name="enter"),
    path("vote/ballot/", casting.ballot_page, name="ballot"),
    path("vote/receipt/", casting.receipt, name="receipt"),
    path("vote/leave/", casting.leave, name="leave"),
    path("vote/left/", casting.left, name="left"),
    path("vote/about/", casting.about, name="about"),
    path("rounds/<slug:slug>/voting/", codes.counts, name="counts"),
    path("rounds/<slug:slug>/codes/", codes.codes, name="codes"),
    path("rounds/<slug:slug>/codes/<number:number>/list/", codes.upload, name="upload"),
    path("rounds/<slug:slug>/codes/<number:number>/print/", codes.print_run, name="print"),
    path("rounds/<slug:slug>/codes/<number:number>/spoilt/", codes.spoil, name="spoil"),
    path("rounds/<slug:slug>/desk/", codes.at_desk, name="desk"),
    path("rounds/<slug:slug>/desk/act/", codes.act, name="act"),
    path("v/<path:code>", casting.by_address, name="by-address"),
]
