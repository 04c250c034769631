"""Reads about forms and applications: what is asked, whose they are, who may not decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from doorstep.apps.awards import asking
from doorstep.apps.awards.models import Application, Award, GrantForm
from doorstep.apps.awards.queries.payments import no_interest
from doorstep.apps.organisations.models import Officer, Organisation
from doorstep.apps.organisations.queries import held
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import Answer
from doorstep.apps.people.spells import holding
from doorstep.apps.places.models import Place
from doorstep.engine.proportion import Assessment


def open_forms(place: Place) -> QuerySet[GrantForm]:
    """Forms with which somebody may begin at a place, smallest sums first."""
    return GrantForm.objects.filter(place=place, ended=None).select_related(
        "title", "officer", "explanation", "published"
    )


def assessment_of(application: Application) -> Assessment:
    """What is asked of an application: always by the table of the day it began, and its form."""
    extras = application.form.extras if application.form else []
    return asking.asked_on(
        application.begun_on, application.pence, application.risks,
        long_lease=application.long_lease, accounted=application.accounted,
        extras=[(what, minutes) for what, minutes in extras],
    )  # fmt: skip


def held_by(application: Application, on: date) -> set[str]:
    """What is asked and stands in the passport of the organisation that asks: it is not asked for
    again. Nothing for a person, who has no passport."""
    if application.organisation is None:
        return set()
    return {key for key, there in held(application.organisation, on).items() if there}


def bodies_of(account: Account, on: date) -> list[Organisation]:
    """Organisations that somebody speaks for on a day."""
    held = Officer.objects.filter(holding(on), account=account).values("organisation")
    return list(Organisation.objects.filter(pk__in=held).order_by("name"))


def speaks_for(account: Account, organisation: Organisation, on: date) -> bool:
    return Officer.objects.filter(holding(on), account=account, organisation=organisation).exists()


def is_with_a_body(application: Application, account: int, on: date) -> Answer:
    """Whether somebody speaks for the organisation that asks, or declared an interest in it."""
    body = application.organisation
    if body is None:
        return Answer(False, "")
    if speaks_for(Account(pk=account), body, on):
        return Answer(
            True, _("You speak for %(body)s, so somebody else decides.") % {"body": body.name}
        )
    clear = no_interest(account, body, on)
    return Answer(not clear, clear.reason)


def assessments_of(awards: Iterable[Award]) -> dict[int, Assessment]:
    """{award: what was asked}: by its application where it had one, else by its sum alone, under
    the table of the day on which its money was promised."""
    found = {}
    for award in awards:
        application = getattr(award, "application", None)
        found[award.pk] = (
            assessment_of(application)
            if application is not None
            else asking.asked_on(award.commitment.effective_on, award.pence, {})
        )
    return found


@dataclass(frozen=True)
class Burden:
    """What asking and checking costs at one size: how many awards, pence granted, and pence spent
    on it by both sides."""

    tier: str
    awards: int
    pence: int
    minutes: int
    cost: int

    @property
    def permille(self) -> int:
        return self.cost * 1000 // self.pence if self.pence else 0


def burdens(awards: Iterable[Award]) -> list[Burden]:
    """Big and small side by side, from real awards: each tier with its sums and its cost."""
    awards = list(awards)
    asked = assessments_of(awards)
    tiers: dict[str, list[Award]] = {}
    for award in awards:
        tiers.setdefault(asked[award.pk].tier.key, []).append(award)
    return [
        Burden(
            tier,
            len(of),
            sum(one.pence for one in of),
            sum(asked[one.pk].minutes for one in of),
            sum(asked[one.pk].assurance_pence for one in of),
        )
        for tier, of in sorted(tiers.items(), key=lambda pair: max(a.pence for a in pair[1]))
    ]
