"""Addresses of this room."""

from django.urls import path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>
from doorstep.apps.voting.views import (
    box,
    casting,
    codes,
    marks,
    papers,
    recount,
    slips,
    trustees,
)

app_name = "voting"
urlpatterns = [
    path("vote/", casting.enter, name="enter"),
    path("vote/ballot/", casting.ballot_page, name="ballot"),
    path("vote/receipt/", casting.receipt, name="receipt"),
    path("vote/leave/", casting.leave, name="leave"),
    path("vote/left/", casting.left, name="left"),
    path("vote/about/", casting.about, name="about"),
    path("rounds/<slug:slug>/voting/", codes.counts, name="counts"),
    path("rounds/<slug:slug>/mark/", marks.mark, name="mark"),
    path("rounds/<slug:slug>/codes/", codes.codes, name="codes"),
    path("rounds/<slug:slug>/codes/<number:number>/list/", codes.upload, name="upload"),
    path("rounds/<slug:slug>/codes/<number:number>/print/", codes.print_run, name="print"),
    path("rounds/<slug:slug>/codes/<number:number>/spoilt/", codes.spoil, name="spoil"),
    path("rounds/<slug:slug>/desk/", codes.at_desk, name="desk"),
    path("rounds/<slug:slug>/desk/act/", codes.act, name="act"),
    path("rounds/<slug:slug>/desk/paper/", slips.give_paper, name="give-paper"),
    path("rounds/<slug:slug>/trustees/", trustees.trustees, name="trustees"),
    path("rounds/<slug:slug>/trustee/", trustees.trustee, name="trustee"),
    path(
        "rounds/<slug:slug>/trustee/envelopes/",
        trustees.trustee_envelopes,
        name="trustee-envelopes",
    ),
    path("rounds/<slug:slug>/trustee/<slug:verb>/", trustees.trustee_send, name="trustee-send"),
    path("rounds/<slug:slug>/box/", box.box_page, name="box"),
    path("rounds/<slug:slug>/recount/", recount.recount, name="recount"),
    path("rounds/<slug:slug>/recount/ballots/", recount.recount_ballots, name="recount-ballots"),
    path("rounds/<slug:slug>/papers/", papers.papers, name="papers"),
    path("rounds/<slug:slug>/papers/print/", papers.print_papers, name="papers-print"),
    path("rounds/<slug:slug>/papers/<number:number>/", papers.key_papers, name="papers-key"),
    path("rounds/<slug:slug>/papers/<number:number>/sign/", papers.sign_papers, name="papers-sign"),
    path("v/<path:code>", casting.by_address, name="by-address"),
]
