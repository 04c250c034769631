"""Voting: a code, a ballot, a receipt. No account, no session; a page never holds a code."""

import re

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.limits.connections import connection_of
from doorstep.apps.outbox.actions import tell
from doorstep.apps.public import public, public_form
from doorstep.apps.refused import Refused, TooOften
from doorstep.apps.voting import ballot, choices, visits
from doorstep.apps.voting.actions.box import receipts_of
from doorstep.apps.voting.actions.casting import (
    cast,
    credential_of,
    question_now,
    redeem,
    refuse_unless_votes,
    version_that_counts,
)
from doorstep.apps.voting.choices import Choice, Question
from doorstep.apps.voting.models import Credential
from doorstep.apps.voting.visits import Visit

# Seconds after which a tap is worth another try, when the database was too busy, or full.
AGAIN_AFTER = 5


def _see_other(name: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse(name))
    response.status_code = 303
    return response


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Type a code. What was typed is not shown again: a screen may have other readers."""
    problem = ""
    if request.method == "POST":
        try:
            return _begun(redeem(request.POST.get("code", ""), address=connection_of(request)))
        except TooOften:
            raise  # a page of its own says when
        except Refused as refusal:
            problem = refusal.reason
    here = {"problem": problem, "going": visits.of(request)}
    return render(request, "voting/enter.html", here, status=409 if problem else 200)


@public
@never_cache
def by_address(request: HttpRequest, code: str) -> HttpResponse:
    """The address in a QR code. Always redirected at once, so that it stands on no page, in no
    Referer and in no history; the log leaves it out (`site/logs.py`)."""
    try:
        response: HttpResponse = _begun(redeem(code, address=connection_of(request)))
    except Refused as refusal:
        messages.warning(request, refusal.reason)
        response = _see_other("voting:enter")
    except Exception:
        # Never let an address that is a secret reach a page or a log of faults.
        messages.warning(
            request, _("Something broke on our side. Type the code here, or try again soon.")
        )
        response = _see_other("voting:enter")
    response["Referrer-Policy"] = "no-referrer"
    return response


by_address.cacheable = False  # type: ignore[attr-defined]


def _begun(credential: Credential) -> HttpResponse:
    response = _see_other("voting:ballot")
    visits.keep(response, visits.begin(credential.pk))
    return response


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_page(request: HttpRequest) -> HttpResponse:
    """The ballot. Each tap posts the whole choice and casts it; the answer is the page itself."""
    visit = visits.of(request)
    credential = credential_of(visit.credential) if visit else None
    if visit is None or credential is None:
        return _ended(request)
    question = question_now(credential.round)
    choice = Choice()
    cast_as = 0
    problem = ""
    busy = False
    if request.method != "POST":
        try:
            refuse_unless_votes(credential)
        except Refused as refusal:
            return _stopped(request, credential, visit, refusal.reason)
    else:
        choice = choices.still_asked(
            question, choices.read(question, request.POST.get("choice", ""))
        )
        cast_as = _version_on(request)
        if language := request.POST.get("language"):
            return _in_language(request, credential, question, choice, cast_as, visit, language)
        try:
            before = visit
            choice, problem, visit = _tapped(request, credential, question, choice, visit)
            if visit != before:
                cast_as = visit.version
        except Refused as refusal:
            if refusal.code == "choice_damaged":
                raise
            if refusal.code != "busy":
                return _stopped(request, credential, visit, refusal.reason)
            problem, busy = refusal.reason, True
    response = _page(request, credential, question, choice, cast_as, visit, problem)
    if busy:
        response.status_code = 503
        response["Retry-After"] = str(AGAIN_AFTER)
    visits.keep(response, visit)
    return response


def _version_on(request: HttpRequest) -> int:
    """As which version the choice on the page that was sent had been cast; 0 if it was not.

    The Back button shows a page whose choice a later version replaced.
    """
    said = request.POST.get("version", "")
    return int(said) if re.fullmatch(r"[0-9]{1,5}", said, re.ASCII) else 0


def _stopped(
    request: HttpRequest, credential: Credential, visit: Visit, reason: str
) -> HttpResponse:
    """The code cannot vote any more: why, and what this phone had cast before."""
    response = render(
        request,
        "voting/stopped.html",
        {"round": credential.round, "reason": reason, "visit": visit},
        status=409,
    )
    visits.end(response)
    return response


def _ended(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        messages.info(
            request,
            _(
                "That tap was not cast: this ballot had been open without a tap for too long. "
                "Type your code again. What was cast before still counts."
            ),
        )
    return _see_other("voting:enter")


def _tapped(
    request: HttpRequest, credential: Credential, question: Question, choice: Choice, visit: Visit
) -> tuple[Choice, str, Visit]:
    """The choice after a tap, what was wrong with it, and the visit with what was cast."""
    tap = next((name for name in choices.TAPS[question.kind] if name in request.POST), None)
    if tap is None:
        return choice, "", visit
    wanted = choices.tapped(question, choice, tap, request.POST[tap])
    if problem := choices.too_many(question, wanted):
        return choice, problem, visit
    wanted = choices.still_asked(question, wanted)
    try:
        kept = cast(credential, wanted, visit.tracker, question)
    except Refused as refusal:
        if refusal.code == "below_the_minimum":
            return wanted, "", visit
        if refusal.code in {"withdrawn", "too_many_versions"}:
            return choice, refusal.reason, visit
        raise
    cast_now = Visit(visit.credential, visit.tracker, kept.version, kept.env_hash.hex())
    return wanted, "", cast_now


def _in_language(
    request: HttpRequest,
    credential: Credential,
    question: Question,
    choice: Choice,
    cast_as: int,
    visit: Visit,
    language: str,
) -> HttpResponse:
    """The same ballot in the other language, with the choice as it stood; nothing is cast."""
    known = language in dict(settings.LANGUAGES)
    with translation.override(language if known else None):
        request.LANGUAGE_CODE = translation.get_language()
        response = _page(request, credential, question, choice, cast_as, visit, "")
        response["Content-Language"] = translation.get_language() or "en-gb"
    if known:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
    visits.keep(response, visit)
    return response


def _page(
    request: HttpRequest,
    credential: Credential,
    question: Question,
    choice: Choice,
    cast_as: int,
    visit: Visit,
    problem: str,
) -> HttpResponse:
    round_ = credential.round
    counts = version_that_counts(credential)
    chosen = len(choice.ideas)
    listed = ballot.rows(round_, question, choice, credential.pk)
    # What counts was cast in this visit, and is what the page shows.
    shown = chosen >= question.least and 0 < cast_as == visit.version == counts
    return render(
        request,
        "voting/ballot.html",
        {
            "round": round_,
            "question": question,
            "rows": listed,
            "ranked": [row for row in listed if row.rank],
            "unranked": [row for row in listed if not row.rank],
            "written": choices.written(question, choice),
            "chosen": chosen,
            "spent": choice.spent,
            "points_left": max(0, question.points - choice.spent),
            "to_go": max(0, question.least - chosen),
            "more": max(0, min(question.encouraged, question.most) - chosen),
            "counts": counts,
            "cast_here": shown,
            "cast_as": visit.version if shown else 0,
            "visit": visit,
            "problem": problem,
        },
    )


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of what was cast in this visit: shown, printed, or sent if asked."""
    visit = visits.of(request)
    credential = credential_of(visit.credential) if visit else None
    if visit is None or credential is None:
        return _see_other("voting:enter")
    if not visit.version:
        return _see_other("voting:ballot")
    told = problem = ""
    if request.method == "POST":
        try:
            _send(request, credential, visit)
            told = _("The receipt is on its way.")
        except Refused as refusal:
            problem = refusal.reason
    return render(
        request,
        "voting/receipt.html",
        {
            "round": credential.round,
            "visit": visit,
            "newer": version_that_counts(credential) > visit.version,
            "told": told,
            "problem": problem,
        },
        status=409 if problem else 200,
    )


def _send(request: HttpRequest, credential: Credential, visit: Visit) -> None:
    text = _(
        "Your tracker is %(tracker)s. With it you find your ballot among all ballots once they "
        "are published. Version %(version)s of your ballot is in envelope %(mark)s. This message "
        "cannot show what you chose."
    ) % {"tracker": visit.tracker, "version": visit.version, "mark": visit.mark}
    tell(
        request.POST.get("address", "").strip(),
        subject=_("Your receipt"),
        text=text,
        topic=receipts_of(credential.round),
        key=f"receipt {visit.mark}",
        at_once=True,
    )


@public_form
@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """I am done: forget me on this phone."""
    response = _see_other("voting:left")
    visits.end(response)
    return response


@public
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "voting/left.html")


@public
def about(request: HttpRequest) -> HttpResponse:
    """How a vote is kept secret, and what this cannot do."""
    return render(request, "voting/about.html")
