"""A place gets started: a group open to everybody listens, agrees on its start-up money in open
meetings, and ends with a vision for the plan."""

from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from doorstep.apps.ledger.rules import check_pence, pounds
from doorstep.apps.partnerships.actions.common import required_words
from doorstep.apps.partnerships.models import LineKind, Listening, Start, StartMoney
from doorstep.apps.partnerships.rules.meetings import LONGEST_NOTE, LONGEST_TITLE
from doorstep.apps.partnerships.rules.plans import LONGEST_WORDS
from doorstep.apps.places.models import Place
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


@transaction.atomic
def open_start(place: Place, where: str, *, on: date, actor: Actor) -> Start:
    """Say in public that a group begins, open to everybody, and how to come along."""
    lock_head()
    if Start.objects.filter(place=place).exists():
        raise Refused(_("This place got started already."), code="started")
    words = required_words(where, LONGEST_NOTE, _("Say when and where the group meets."))
    money = int(rule("starting.money", on, place.slug).value)
    leaf = write_leaf(
        "start.opened",
        {
            "place": place.slug,
            "where": words.commitment,
            "money": money,
            "opened_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return Start.objects.create(
        place=place, where=words, money_pence=money, opened_on=on, opened=leaf
    )


@transaction.atomic
def listen(start: Start, *, how: str, people: int, heard: str, on: date, actor: Actor) -> Listening:
    """Write down what neighbours said, and how many there were; nobody by name."""
    start = _held(start)
    if how not in Listening.How.values:
        raise Refused(_("Say how you listened."), code="how")
    if not 1 <= people <= 100_000:
        raise Refused(_("Say how many people you listened to."), code="people")
    words = required_words(heard, LONGEST_WORDS, _("Write what you heard."))
    leaf = write_leaf(
        "start.listened",
        {
            "place": start.place.slug,
            "how": str(how),
            "people": people,
            "heard": words.commitment,
            "on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return Listening.objects.create(
        start=start, how=how, people=people, heard=words, on=on, leaf=leaf
    )


@transaction.atomic
def agree_start_money(
    start: Start,
    *,
    kind: str,
    title: str,
    pence: int,
    in_favour: int,
    against: int,
    on: date,
    actor: Actor,
) -> StartMoney:
    """An open meeting of the group agrees on some of the start-up money. Everybody in the room
    may raise a hand; so many must be there, and more in favour than against. Told twice in the
    same words on one day, it is agreed once."""
    start = _held(start)
    refuse_blank({_("what it is for"): title}, {_("what it is for"): LONGEST_TITLE})
    if kind not in LineKind.values or kind == LineKind.LATER:
        raise Refused(_("Choose what the line pays for."), code="line_kind")
    check_pence(pence)
    least = int(rule("starting.present_least", on, start.place.slug).value)
    if in_favour + against < least:
        raise Refused(
            _("At least %(least)s people decide together. Ask more neighbours to come.")
            % {"least": least},
            code="too_few",
        )
    if in_favour <= against:
        raise Refused(_("More hands must be for it than against it."), code="not_carried")
    told = {"kind": kind, "pence": pence, "in_favour": in_favour, "against": against, "on": on}
    if earlier := start.money.filter(title__text=title.strip(), **told).first():
        return earlier
    agreed = int(start.money.aggregate(n=Sum("pence"))["n"] or 0)
    if agreed + pence > start.money_pence:
        raise Refused(
            _(
                "%(agreed)s of the %(whole)s to get started with is agreed. %(sum)s more is "
                "%(over)s too much."
            )
            % {
                "agreed": pounds(agreed),
                "whole": pounds(start.money_pence),
                "sum": pounds(pence),
                "over": pounds(agreed + pence - start.money_pence),
            },
            code="over_the_start",
        )
    number, words = start.money.count() + 1, keep_words(title.strip())
    # The kind that every reader of the record knows as a decision about money.
    leaf = write_leaf(
        "meeting.decided",
        {
            "place": start.place.slug,
            "start_money": number,
            "title": words.commitment,
            "pence": pence,
            "pays_for": str(kind),
            "decided_on": on.isoformat(),
            "voted": {"resident": in_favour + against},
            "recused": {},
            "in_favour": in_favour,
            "against": against,
            "actor": actor.as_leaf(),
        },
    )
    return StartMoney.objects.create(start=start, number=number, title=words, leaf=leaf, **told)


@transaction.atomic
def end_start(start: Start, vision: str, *, on: date, actor: Actor) -> Start:
    """The group ends with what neighbours want to come of the money, for whoever writes the plan.
    It has listened before."""
    start = _held(start)
    if not start.listenings.exists():
        raise Refused(_("Listen first: a vision is what neighbours said."), code="not_listened")
    words = required_words(
        vision, LONGEST_WORDS, _("Write what neighbours want to come of the money.")
    )
    leaf = write_leaf(
        "start.vision_told",
        {
            "place": start.place.slug,
            "vision": words.commitment,
            "ended_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    start.vision, start.ended, start.ended_on = words, leaf, on
    start.save(update_fields=["vision", "ended", "ended_on"])
    return start


def _held(start: Start) -> Start:
    lock_head()
    now = Start.objects.select_related("place").get(pk=start.pk)
    if now.ended_id is not None:
        raise Refused(_("Getting started has ended here, with a vision."), code="ended")
    return now
