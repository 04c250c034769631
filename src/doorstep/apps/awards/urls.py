"""Addresses of this room."""

from django.urls import path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>
from doorstep.apps.awards.views import agreements, decisions, payments

urlpatterns = [
    path("asked/", decisions.asked, name="asked"),
    path("places/<slug:slug>/payments/", payments.of_place, name="place-payments"),
    path("places/<slug:slug>/payment-file/", payments.make_file, name="make-payment-file"),
    path("places/<slug:slug>/decide/", decisions.decide, name="place-decide"),
    path("places/<slug:slug>/delegate/", decisions.delegate, name="place-delegate"),
    path("places/<slug:slug>/quick/", decisions.quick_grant, name="place-quick"),
    path("payment-files/<number:number>/", payments.file, name="payment-file"),
    path("awards/<slug:slug>/money/", payments.of_award, name="award-money"),
    path(
        "awards/<slug:slug>/money/<number:number>/",
        payments.ask_for_instalment,
        name="ask-for-instalment",
    ),
    path("awards/<slug:slug>/end/", payments.end, name="award-end"),
    path("awards/<slug:slug>/agreement/", agreements.draft, name="agreement"),
    path("awards/<slug:slug>/agreement/sign/", agreements.sign, name="agreement-sign"),
    path("awards/<slug:slug>/yours/", agreements.theirs, name="agreement-theirs"),
    path("awards/<slug:slug>/bank/", agreements.bank, name="award-bank"),
    path("payments/<slug:slug>/", payments.one, name="payment"),
    path("payments/<slug:slug>/decide/", payments.decide, name="payment-decide"),
    path("payments/<slug:slug>/release/", payments.release, name="payment-release"),
    path("payments/<slug:slug>/cancel/", payments.cancel, name="payment-cancel"),
]
