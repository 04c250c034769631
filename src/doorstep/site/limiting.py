"""How often a form may come in. Every form that a stranger may send stands in `LIMITS`, by the name
of its address; a test fails for one that does not. Forms of people who are signed in stand here
where they cost the server much, and everything else of theirs is bounded by what it does.

Counted before the form is looked at, right or wrong, by one SQL statement each, so that a hundred
at one moment, in several processes, are a hundred. A limit looks back a quarter of an hour.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.limits.actions import QUARTER, count, mark_of
from doorstep.apps.limits.connections import connection_of
from doorstep.apps.people.models import Noted
from doorstep.apps.people.noting import note_once
from doorstep.apps.refused import TooOften
from doorstep.engine.rulebook import rule
from doorstep.site import errors


@dataclass(frozen=True)
class Limit:
    """At most `rule` forms a quarter of an hour from what is counted `per`: the connection, the
    account, the browser (its session), the address of the page, or what was typed into a box of the
    form (`typed:login`). `together` names what several pages share."""

    rule: str
    per: str = "connection"
    together: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """Bounded where it is done, by this rule, because it may come often from one connection."""

    rule: str
    why: str


FORMS = (Limit("limit.forms"),)
UPLOADS = (Limit("limit.uploads", "account", "uploads"),)
_SIGNING_IN = Limit("limit.sign_in", together="sign_in")
_TYPED_CODE = (_SIGNING_IN, Limit("limit.codes_entered", "browser"))

LIMITS: dict[str, tuple[Limit, ...] | Elsewhere] = {
    # Signing in
    "account_login": (_SIGNING_IN, Limit("limit.sign_in_address", "typed:login", "sign_in")),
    "account_request_login_code": (
        _SIGNING_IN,
        Limit("limit.sign_in_address", "typed:email", "sign_in"),
    ),
    "account_signup": (_SIGNING_IN, Limit("limit.sign_in_address", "typed:email", "sign_in")),
    "account_confirm_login_code": _TYPED_CODE,
    "account_email_verification_sent": _TYPED_CODE,
    "mfa_authenticate": _TYPED_CODE,
    "mfa_login_webauthn": (_SIGNING_IN,),
    "account_logout": FORMS,
    "account_inactive": FORMS,
    # Ideas
    "ideas:propose": FORMS,
    "ideas:follow": FORMS,
    "ideas:confirm": FORMS,
    "ideas:again": FORMS,
    "ideas:author": FORMS,
    "ideas:author-words": FORMS,
    "ideas:following": FORMS,
    # Voting
    "voting:enter": Elsewhere("voting.wrong_codes_an_address", "only wrong codes count there"),
    "voting:ballot": Elsewhere("voting.versions_at_most", "each tap casts, for a whole library"),
    "voting:receipt": FORMS,
    "voting:leave": FORMS,
    "voting:mark": FORMS,
    # Others
    "round-share": FORMS,
    "receipts-link": (Limit("limit.uploads"),),
    "unsubscribe": (Limit("limit.forms", "page"),),
    "language": FORMS,
    "record:cosignatures": FORMS,
    # Signed in, and dear
    "bank-account": UPLOADS,
    "award-receipts": UPLOADS,
    "receipt-look": UPLOADS,
    "passport-papers": UPLOADS,
    "partnerships:paper": UPLOADS,
    "voting:upload": UPLOADS,
    "voting:recount": UPLOADS,
    "ideas:type-in": UPLOADS,
    "round-room": UPLOADS,
    "mine-download": UPLOADS,
}


class LimitedForms:
    """Stands below the session and the account, and stops a form that comes too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or request.resolver_match is None:
            return None
        name = request.resolver_match.view_name
        try:
            for limit in limits_of(name):
                refuse_too_often(request, name, limit)
        except TooOften as refusal:
            return errors.too_often(request, refusal)
        return None


def limits_of(name: str) -> Iterator[Limit]:
    found = LIMITS.get(name, ())
    if not isinstance(found, Elsewhere):
        yield from found


def refuse_too_often(request: HttpRequest, name: str, limit: Limit) -> None:
    """Count this form, and refuse it when it is one too many."""
    who = _counted_for(request, limit.per)
    if who is None:
        return
    per = limit.per.partition(":")[0]
    tally = count(f"limit.{limit.together or name}.{per}.{who}", QUARTER)
    if tally.times > int(rule(limit.rule, timezone.localdate()).value):
        note_once(Noted.Kind.LIMITED, request, name)
        raise TooOften(said(per), until=tally.until)


def _counted_for(request: HttpRequest, per: str) -> str | None:
    """What to count under, as a keyed hash or a number; None where there is nothing to count."""
    if per == "connection":
        return mark_of(connection_of(request))
    if per == "account":
        return str(request.user.pk) if request.user.is_authenticated else None
    if per == "browser":
        key = request.session.session_key
        return mark_of(f"browser {key}") if key else None
    if per == "page":
        return mark_of(f"page {request.path}")
    typed = request.POST.get(per.partition(":")[2], "").strip().lower()
    return mark_of(f"typed {typed}") if typed else None


def said(per: str) -> str:
    words = {
        "connection": _(
            "Many forms came from your connection in a short time. If you share it with others, as "
            "in a library, it may be theirs."
        ),
        "account": _("Many forms came from your account in a short time."),
        "browser": _("Many codes were typed in this browser in a short time."),
        "page": _("This form was sent many times in a short time."),
        "typed": _("Many people asked to sign in with this address in a short time."),
    }
    return words[per]
