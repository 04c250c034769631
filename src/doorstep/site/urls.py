"""Every address of the site. tests/site/test_routes.py proves that each is guarded or public."""

from django.urls import include, path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>
from doorstep.site import service
from doorstep.site.pages import (
    award,
    bank,
    fund,
    home,
    papers,
    place,
    receipts,
    round,
    rules,
    run,
    share,
)

urlpatterns = [
    path("", home.page, name="home"),
    path("fund/", fund.page, name="fund"),
    path("places/<slug:slug>/", place.page, name="place"),
    path("places/<slug:slug>/money/bank/", bank.place_page, name="bank-public"),
    path("places/<slug:slug>/money/bank.csv", bank.place_csv, name="bank-public-csv"),
    path("places/<slug:slug>/money/bank.json", bank.place_json, name="bank-public-json"),
    path("awards/<slug:slug>/receipts/", receipts.of_award, name="award-receipts"),
    path("receipts/<str:token>/", receipts.by_link, name="receipts-link"),
    path("receipt/<number:pk>/file/", receipts.receipt_file, name="receipt-file"),
    path("receipt/<number:pk>/look/", receipts.look, name="receipt-look"),
    path("result/<number:pk>/file/", receipts.note_file, name="result-file"),
    path("result/<number:pk>/look/", receipts.look_at_note, name="result-look"),
    path("bank/", bank.desk, name="bank"),
    path("bank/<slug:slug>/", bank.account_page, name="bank-account"),
    path("bank/<slug:slug>/lines/<number:pk>/", bank.line, name="bank-line"),
    path("bank/<slug:slug>/matches/<number:pk>/undo/", bank.undo, name="bank-undo"),
    path("rounds/<slug:slug>/", round.page, name="round"),
    path("rounds/<slug:slug>/share/", share.page, name="round-share"),
    path("rounds/<slug:slug>/<slug:kind>-<slug:language>.pdf", papers.paper, name="round-paper"),
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
