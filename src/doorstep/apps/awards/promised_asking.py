"""What is owed to whoever asked for money, and to everybody after quick money was given."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.awards.models import Application, Award
from doorstep.apps.awards.promised import awards_owed
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.models import Role
from doorstep.apps.promises.actions import Due, Owed, kept, owe, withdraw
from doorstep.apps.promises.kinds import About, about, numbers
from doorstep.apps.promises.queries import added_holidays, due_after
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.rows import Row, row
from doorstep.engine.rulebook import working_days_after

APPLIED, REVIEW = "application.decide", "quick.review"
DECIDED_WITHIN, REVIEWED_WITHIN = "grant.quick_decided_within", "grant.quick_reviewed_within"


def to_decide_application(
    application: Application, days: int, *, on: date, actor: Actor, leaf: Leaf
) -> None:
    """Somebody applied, so the partnership owes a yes or a no within the days of its size."""
    due = working_days_after(on, days, added=added_holidays())
    _application(application, Due.by(due), on, actor, leaf)


def _application(application: Application, due: Due, on: date, actor: Actor, leaf: Leaf) -> None:
    owe(
        Owed(
            APPLIED, str(application.pk), due, place=application.place,
            role=Role.Kind.PARTNERSHIP_MEMBER, to=application.organisation, public=False,
        ),
        on=on, actor=actor, leaf=leaf,
    )  # fmt: skip


def application_decided(application: Application, *, on: date, actor: Actor, leaf: Leaf) -> None:
    kept(APPLIED, str(application.pk), on=on, actor=actor, leaf=leaf)


def application_called_off(application: Application, *, on: date, actor: Actor, leaf: Leaf) -> None:
    withdraw(APPLIED, str(application.pk), on=on, actor=actor, leaf=leaf)


def to_decide_quick(application: Application, *, on: date, actor: Actor, leaf: Leaf) -> None:
    """Somebody asked for quick money, so two members owe a yes or a no within the rule's day."""
    due = due_after(DECIDED_WITHIN, on, application.place.slug)
    _application(application, Due.by(due, DECIDED_WITHIN), on, actor, leaf)


def to_review(award: Award, *, on: date, actor: Actor, leaf: Leaf) -> None:
    """Quick money was given, so a meeting looks at it afterwards."""
    due = due_after(REVIEWED_WITHIN, on, award.place.slug)
    owe(
        Owed(
            REVIEW, award.slug, Due.by(due, REVIEWED_WITHIN), place=award.place,
            role=Role.Kind.PARTNERSHIP_MEMBER,
        ),
        on=on, actor=actor, leaf=leaf,
    )  # fmt: skip


def reviewed(award: Award, *, on: date, actor: Actor, leaf: Leaf) -> None:
    kept(REVIEW, award.slug, on=on, actor=actor, leaf=leaf)


def _applications(keys: Collection[str]) -> QuerySet[Application]:
    found = Application.objects.filter(pk__in=numbers(keys))
    return row(found, key="pk", pence="pence", title="title")


@about(APPLIED, gettext_lazy("Decide about an application"), _applications)
def _applied(application: Row) -> About:
    return About(
        _("Decide about %(sum)s for “%(name)s”")
        % {"sum": pounds(application["pence"]), "name": application["title"]},
        work=reverse("application", args=[application["key"]]),
    )


@about(REVIEW, gettext_lazy("Look at a quick grant afterwards"), awards_owed)
def _review(award: Row) -> About:
    return About(
        _("Look at %(sum)s for “%(name)s” afterwards, at a meeting")
        % {"sum": pounds(award["pence"]), "name": award["title"] or award["key"]},
        url=reverse("award", args=[award["key"]]),
        work=reverse("quick-review", args=[award["key"]]),
    )
