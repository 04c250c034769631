"""What passports put on a desk: a paper that ends, a change that waits for a second person, a group
that asks for a sponsor; and the way to all passports."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.organisations.models import ChangeState, Document, MandateChange, Sponsorship
from doorstep.apps.organisations.queries import bodies_of
from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.people.spells import said_day
from doorstep.engine.rulebook import rule


def _ending(owner: Owner) -> QuerySet[Document]:
    """The newest paper of each kind, where it ends soon or has ended (`rules.standing`, in SQL)."""
    days = int(rule("passport.expiry_warned_before", owner.today).value)
    there = Q(taken_out_on=None) | Q(taken_out_on__gt=owner.today)
    later = Q(issued__gt=OuterRef("issued")) | Q(issued=OuterRef("issued"), pk__gt=OuterRef("pk"))
    newer = Document.objects.filter(
        there, later, organisation=OuterRef("organisation"), kind=OuterRef("kind"),
    )  # fmt: skip
    ends = Document.objects.filter(
        there, ~Exists(newer), organisation__in=bodies_of(owner.account, owner.today),
        expires__lte=owner.today + timedelta(days=days),
    )  # fmt: skip
    return desk.row(
        ends, kind="kind", expires="expires", body="organisation__name", slug="organisation__slug"
    )


@desk.each(_ending)
def papers_that_end(row: Row, owner: Owner) -> Iterator[Told]:
    """Papers that end soon or have ended, of the groups an account speaks for."""
    ends = date.fromisoformat(row["expires"])
    yield desk.DeskItem(
        title=_("Renew the %(paper)s of %(body)s")
        % {"paper": Document.Kind(row["kind"]).label, "body": row["body"]},
        url=reverse("passport-papers", args=[row["slug"]]),
        text=_("Its last day is %(day)s.") % {"day": said_day(ends)},
        due=ends,
    )


def _changes(owner: Owner) -> QuerySet[MandateChange]:
    waiting = MandateChange.objects.filter(
        organisation__in=bodies_of(owner.account, owner.today), state=ChangeState.WAITING,
        last_day__gte=owner.today,
    ).exclude(asked_by=owner.account)  # fmt: skip
    return desk.row(
        waiting, body="organisation__name", slug="organisation__slug", last_day="last_day"
    )


@desk.each(_changes)
def changes_to_confirm(row: Row, owner: Owner) -> Iterator[Told]:
    """New bank details that another officer asked for."""
    yield desk.DeskItem(
        title=_("Confirm or refuse the new bank details of %(body)s") % {"body": row["body"]},
        url=reverse("passport-bank", args=[row["slug"]]),
        text=_("Somebody else asked for them. Check them with the bank’s own paper."),
        due=date.fromisoformat(row["last_day"]),
    )


def _asked(owner: Owner) -> QuerySet[Sponsorship]:
    mine = bodies_of(owner.account, owner.today)
    asked = Sponsorship.objects.filter(sponsor__in=mine, since=None, until=None)
    return desk.row(asked, group="group__name", sponsor=F("sponsor__name"), slug=F("sponsor__slug"))


@desk.each(_asked)
def groups_that_ask(row: Row, owner: Owner) -> Iterator[Told]:
    """Groups that ask an organisation of this account to stand for them."""
    yield desk.DeskItem(
        title=_("%(group)s asks %(sponsor)s to stand for it") % row,
        url=reverse("passport-sponsor", args=[row["slug"]]),
        text=_("You would hold its money and lend it your papers."),
    )


@desk.register
def passports(owner: Owner) -> Iterator[Told]:
    yield desk.Way(_("Passports of groups"), reverse("passports"))
