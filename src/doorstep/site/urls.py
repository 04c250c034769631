"""Every address of the site. tests/site/test_routes.py proves that each is guarded or public."""

from django.urls import include, path

from doorstep.site import service
from doorstep.site.pages import award, fund, home, papers, place, round, rules, run, share

urlpatterns = [
    path("", home.page, name="home"),
    path("fund/", fund.page, name="fund"),
    path("places/<slug:slug>/", place.page, name="place"),
    path("rounds/<slug:slug>/", round.page, name="round"),
    path("rounds/<slug:slug>/share/", share.page, name="round-share"),
    path(
        "rounds/<slug:slug>/<slug:kind>-<slug:language>.pdf", papers.paper, name="round-paper"
    ),
    path("rounds/<slug:slug>/ballots.pb", round.ballots_file, name="round-ballots"),
    path("rounds/<slug:slug>/result.json", round.result_file, name="round-result"),
    path("rounds/<slug:slug>/frozen.jsonl", round.frozen_file, name="round-frozen"),
    path("rounds/<slug:slug>/close/", round.close, name="round-close"),
    path("rounds/<slug:slug>/freeze/", run.freeze, name="round-freeze"),
    path("rounds/<slug:slug>/room/", run.room, name="round-room"),
    path("awards/<slug:slug>/", award.page, name="award"),
    path("", include("doorstep.apps.record.urls")),
    path("", include("doorstep.apps.ledger.urls")),
    path("", include("doorstep.apps.places.urls")),
    path("", include("doorstep.apps.people.urls")),
    path("", include("doorstep.apps.files.urls")),
    path("", include("doorstep.apps.outbox.urls")),
    path("", include("doorstep.apps.rounds.urls")),
    path("", include("doorstep.apps.ideas.urls")),
    path("", include("doorstep.apps.voting.urls")),
    path("", include("doorstep.apps.awards.urls")),
    path("rules/", rules.page, name="rules"),
    path("language/", service.choose_language, name="language"),
    path("healthz", service.healthz, name="healthz"),
    path("accessibility/", service.accessibility, name="accessibility"),
    path("source/", service.source, name="source"),
    path("source/archive/", service.source_archive, name="source_archive"),
    path("accounts/", include("allauth.urls")),
]

handler400 = "doorstep.site.errors.bad_request"
handler403 = "doorstep.site.errors.forbidden"
handler404 = "doorstep.site.errors.not_found"
handler500 = "doorstep.site.errors.server_error"
