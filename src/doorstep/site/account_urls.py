"""Signing in and out, and the second step: allauth's pages, those alone that Doorstep uses.

An account has no password, so nothing here sets, changes or forgets one. Each page says who may
open it, as every other address does.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>
from doorstep.apps.people.guards import signed_in
from doorstep.apps.public import public_form


@signed_in
def to_the_desk(request: HttpRequest) -> HttpResponse:
    """allauth leads here once an address was confirmed. What an account is stands on its desk."""
    return redirect("desk")


urlpatterns = [
    path("login/", public_form(account.login), name="account_login"),
    path("login/code/", public_form(account.request_login_code), name="account_request_login_code"),
    path(
        "login/code/confirm/",
        public_form(account.confirm_login_code),
        name="account_confirm_login_code",
    ),
    path("logout/", public_form(account.logout), name="account_logout"),
    path("inactive/", public_form(account.account_inactive), name="account_inactive"),
    path("signup/", public_form(account.signup), name="account_signup"),
    path(
        "confirm-email/",
        public_form(account.email_verification_sent),
        name="account_email_verification_sent",
    ),
    path("reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("email/", to_the_desk, name="account_email"),
    path("2fa/", signed_in(second_step.index), name="mfa_index"),
    path("2fa/authenticate/", public_form(second_step.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", signed_in(second_step.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", signed_in(app.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", signed_in(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/webauthn/", signed_in(passkey.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", signed_in(passkey.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", public_form(passkey.login_webauthn), name="mfa_login_webauthn"),
    path(
        "2fa/webauthn/reauthenticate/",
        signed_in(passkey.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<number:pk>/remove/",
        signed_in(passkey.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<number:pk>/edit/",
        signed_in(passkey.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "2fa/recovery-codes/",
        signed_in(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        signed_in(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        signed_in(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
