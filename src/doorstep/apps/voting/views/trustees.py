"""Trustees: the partnership names them, and each has a page where their own device does the work.

What a device sends is JSON. It is answered with `{"next": address}`, or with `{"refused": words}`.
"""

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doorstep.apps.people.guards import (
    acting,
    needs_role,
    signed_in,
    with_a_fresh_second_step,
    with_a_second_step,
)
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, RoundState, Secrecy
from doorstep.apps.voting import box
from doorstep.apps.voting.actions import trustees as acts
from doorstep.apps.voting.forms_of_the_box import TrusteesForm
from doorstep.apps.voting.models import KeyCopy, Poll, PollState, RoundKey, Trustee
from doorstep.apps.voting.trusteeship import step_of

MOST_BYTES = 64 << 20  # an opening of half a million ballots


def place_of_round(request: HttpRequest, slug: str, **_more: object) -> Place:
    return get_object_or_404(Round.objects.select_related("place"), slug=slug).place


def round_with_terms(slug: str) -> Round:
    rounds = Round.objects.select_related("terms", "place", "title")
    return get_object_or_404(rounds, slug=slug, terms__isnull=False)


@needs_role("partnership_member", place=place_of_round)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def trustees(request: HttpRequest, slug: str) -> HttpResponse:
    """Name the three, and see how far each has come."""
    round_ = round_with_terms(slug)
    if round_.terms.secrecy != Secrecy.TRUSTEES:
        raise Http404
    named = list(Trustee.objects.filter(round=round_).select_related("name", "account"))
    form = TrusteesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people = form.people(actor=acting(request))
        acts.name_trustees(round_, people, apart=form.cleaned_data["apart"], actor=acting(request))
        return redirect("voting:trustees", slug=slug)
    return render(
        request,
        "voting/trustees.html",
        {
            "round": round_,
            "named": named,
            "form": form,
            "draft": round_.state == RoundState.DRAFT,
            "key": RoundKey.objects.filter(round=round_).exists(),
            "again": bool(named) and request.GET.get("again") == "yes",
        },
    )


# In the session of whoever has the envelopes and opens them on their device.
OPENING = "box_that_this_device_opens"


def _mine(request: HttpRequest, slug: str) -> Trustee:
    """The trusteeship of whoever is signed in; nobody else learns that there is such a page."""
    mine = Trustee.objects.select_related("round__terms", "round__place", "round__title", "name")
    return get_object_or_404(mine, round__slug=slug, account_id=request.user.pk)


@signed_in
@with_a_fresh_second_step(back="voting:trustee")
@require_GET
def trustee(request: HttpRequest, slug: str) -> HttpResponse:
    """What one trustee has to do now, with what their device needs to do it."""
    me = _mine(request, slug)
    step = step_of(me)
    return render(
        request,
        "voting/trustee.html",
        {
            "round": me.round,
            "me": me,
            "step": step,
            "data": _for_the_device(me, step),
            "others": me.round.trustees.exclude(pk=me.pk).select_related("name"),
        },
    )


def _for_the_device(me: Trustee, step: str) -> dict[str, Any]:
    """Plain data for trustee.js: keys and copies as hexadecimal, and the words it says."""
    copies = KeyCopy.objects.filter(first__round=me.round).select_related("first", "second")
    mine = [copy for copy in copies if me.pk in (copy.first_id, copy.second_id)]
    return {
        "slug": me.round.slug,
        "number": me.number,
        "key": bytes(me.public_key).hex() if me.public_key is not None else "",
        "step": step,
        "addresses": {
            verb: reverse("voting:trustee-send", args=[me.round.slug, verb]) for verb in SENT
        }
        | {"envelopes": reverse("voting:trustee-envelopes", args=[me.round.slug])},
        "trustees": [
            {"number": one.number, "key": bytes(one.public_key).hex()}
            for one in Trustee.objects.filter(round=me.round)
            if one.public_key is not None
        ],
        "peel": [
            {"first": copy.first.number, "second": copy.second.number, "sealed": _hex(copy.sealed)}
            for copy in mine
            if copy.first_id == me.pk
        ],
        "open": [
            {"first": copy.first.number, "second": copy.second.number, "inner": _hex(copy.inner)}
            for copy in mine
            if copy.second_id == me.pk and copy.inner is not None
        ],
        "words": {
            "insecure": _(
                "This browser cannot make keys here. Use an up-to-date browser, and an address "
                "that begins with https."
            ),
            "lost": _(
                "This device does not hold your key. Use the device on which you made it, or "
                "give the backup file and its passphrase below."
            ),
            "wrong": _("That passphrase does not open that file. Try again."),
            "other": _("That is the key of another trustee or another round."),
            "working": _("Working. Keep this page open."),
            "opened": _("Envelopes opened: %(done)s of %(all)s")
            % {"done": "{done}", "all": "{all}"},
            "failed": _("That did not work. Nothing was lost: open this page again and repeat it."),
            "short": _("Write a passphrase of at least 12 characters, or leave it empty."),
            "backup": _("doorstep-key-%(round)s-%(number)s.json")
            % {"round": me.round.slug, "number": me.number},
            "elsewhere": _(
                "This device does not hold your key. Open this page on the device on which you "
                "made it. If that device is gone too, press the button again."
            ),
        },
    }


def _hex(stored: bytes | memoryview | None) -> str:
    return bytes(stored or b"").hex()


def _bytes(value: object) -> bytes:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        return b""


def _keep_key(me: Trustee, said: dict[str, Any], actor: Actor) -> None:
    acts.keep_trustee_key(me, _bytes(said.get("key")), actor=actor)


def _keep_round_key(me: Trustee, said: dict[str, Any], actor: Actor) -> None:
    listed = said.get("copies")
    copies: dict[Any, bytes] = {
        (one.get("first"), one.get("second")): _bytes(one.get("sealed"))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
        and type(one.get("first")) is int
        and type(one.get("second")) is int
    }
    acts.keep_round_key(me, _bytes(said.get("key")), copies, actor=actor)


def _tried(me: Trustee, said: dict[str, Any], actor: Actor) -> None:
    acts.mark_tried(me)


def _hand_on(me: Trustee, said: dict[str, Any], actor: Actor) -> None:
    listed = said.get("copies")
    inner: dict[Any, bytes] = {
        one.get("second"): _bytes(one.get("inner"))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and type(one.get("second")) is int
    }
    acts.hand_on(me, inner, actor=actor)


def _opening(me: Trustee, said: dict[str, Any], actor: Actor) -> None:
    acts.keep_opening(me, said, actor=actor)


def _gone(me: Trustee, said: dict[str, Any], actor: Actor) -> None:
    acts.key_is_gone(me, actor=actor)


SENT: dict[str, Callable[[Trustee, dict[str, Any], Actor], None]] = {
    "key": _keep_key,
    "round-key": _keep_round_key,
    "tried": _tried,
    "hand-on": _hand_on,
    "opening": _opening,
    "gone": _gone,
}


@signed_in
@require_POST
def trustee_send(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """Take what a trustee's device made. Sent twice, nothing more happens.

    To open a whole box takes a device minutes: what it began freshly it may finish.
    """
    if verb == "opening" and request.session.pop(OPENING, "") == slug:
        return _taken(request, slug, verb)
    return _taken_freshly(request, slug, verb)


@with_a_second_step
def _taken(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    me = _mine(request, slug)
    if verb not in SENT:
        raise Http404
    try:
        SENT[verb](me, said_by_a_device(request), acting(request))
    except Refused as refusal:
        return JsonResponse({"refused": refusal.reason}, status=409)
    return JsonResponse({"next": reverse("voting:trustee", args=[slug])})


_taken_freshly = with_a_fresh_second_step(back="voting:trustee")(_taken)


def said_by_a_device(request: HttpRequest) -> dict[str, Any]:
    """The object that was posted. Raises Refused for anything else."""
    raw = request.read(MOST_BYTES + 1)
    try:
        said = json.loads(raw) if len(raw) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Refused(
            _("That did not reach us whole. Open the page again and try once more."),
            code="not_json",
        )
    return said


@signed_in
@with_a_fresh_second_step(back="voting:trustee")
@require_GET
def trustee_envelopes(request: HttpRequest, slug: str) -> HttpResponse:
    """The sealed envelopes that count, one after another in a new random order, without a code."""
    me = _mine(request, slug)
    poll = get_object_or_404(
        Poll, round=me.round, round__state=RoundState.FROZEN, state=PollState.ENDED
    )
    sealed = box.shuffled_envelopes(me.round)
    request.session[OPENING] = slug
    return HttpResponse(
        b"".join(sealed),
        content_type="application/octet-stream",
        headers={"X-Envelope-Bytes": str(int(poll.padded_to or 0) + 81)},
    )
