"""The assurance pack of a place's year: decisions, interests, spend, vouchers, open promises.

Each part is a table of plain values, so that the page, the PDF and the CSV say the same figures;
each says by which query it is asked again.
"""

import json
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from doorstep.apps.awards.queries.sampling import sampled, year_of
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused
from doorstep.site.assurance.decisions import complaints, decisions, interests, promises
from doorstep.site.assurance.spending import money_today, spend
from doorstep.site.assurance.values import Pack, Part, plain, written
from doorstep.site.assurance.vouchers import vouchers

__all__ = ["FIRST_YEAR", "PARTS", "Pack", "Part", "as_json", "pack", "plain", "written"]

FIRST_YEAR = 2010
PARTS: dict[str, Callable[[Pack], Part]] = {
    "decisions": decisions,
    "interests": interests,
    "money": money_today,
    "spend": spend,
    "vouchers": vouchers,
    "complaints": complaints,
    "promises": promises,
}


def pack(place: Place, year: int, today: date) -> Pack:
    """Everything of a year as it stands on a day; the number of statements is fixed."""
    found = Pack(place, year, today, sampled(place, year, today))
    found.parts.extend(make(found) for make in PARTS.values())
    return found


def as_json(place: Place, year: int, today: date, part: str | None = None) -> str:
    """The pack, or one part of it, as the command prints it. Refused for a part nobody knows and
    for a year that has not begun."""
    if part is not None and part not in PARTS:
        raise Refused(
            _("There is no part “%(part)s”. Ask for one of %(known)s.")
            % {"part": part, "known": ", ".join(PARTS)},
            code="part",
        )
    if not FIRST_YEAR <= year <= year_of(today):
        raise Refused(_("Ask for a year that has begun."), code="year")
    found = pack(place, year, today)
    told = {
        one.key: {
            "title": one.title,
            "words": list(one.words),
            "rows": [dict(zip(one.columns, map(plain, row), strict=True)) for row in one.rows],
            "none": "" if one.rows else one.none,
        }
        for one in found.parts
        if part in {None, one.key}
    }
    about = {"place": place.slug, "year": year, "made_on": today.isoformat()}
    return json.dumps(about | {"parts": told}, ensure_ascii=False, indent=2)
