"""The seed of a year's sample of vouchers is fixed before the year closes, in the public record."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.awards.queries.sampling import first_day, fixing_of, last_day
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule
from doorstep.engine.sampling import METHOD


@transaction.atomic
def fix_seed(place: Place, year: int, *, on: date, actor: Actor) -> Leaf:
    """Say, while the year from 1 April still runs, how its vouchers will be drawn. Together with
    the last line of the year, which nobody knows yet, this line is the seed."""
    lock_head()
    if on > last_day(year):
        raise Refused(
            _(
                "That year closed on %(day)s. A seed that is fixed afterwards could be chosen to "
                "suit somebody, so none is. Fix the one of the year that runs."
            )
            % {"day": said_day(last_day(year))},
            code="year_closed",
        )
    if on < first_day(year):
        raise Refused(
            _("That year begins on %(day)s. Fix its seed then.")
            % {"day": said_day(first_day(year))},
            code="year_to_come",
        )
    if fixing_of(place, year) is not None:
        raise Refused(_("The seed of this year is fixed already."), code="seed_fixed")
    return write_leaf(
        "sample.seed_fixed",
        {
            "place": place.slug,
            "year": year,
            "method": METHOD,
            "percent": int(rule("assurance.sample_share", on).value),
            "least": int(rule("assurance.sample_least", on).value),
            "actor": actor.as_leaf(),
        },
    )
