"""What happens to places: one opens, a street is put on its list, a figure of need is recorded."""

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.places import rules
from doorstep.apps.places.models import FIRST_YEAR, LAST_YEAR, NeedFigure, Place, Street
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused


@transaction.atomic
def open_place(
    slug: str,
    name: str,
    council: str,
    *,
    population: int,
    population_year: int,
    population_source: str,
    boundary_year: int,
    actor: Actor,
) -> Place:
    """A neighbourhood joins. Its slug stays for ever; its population says year and source."""
    rules.refuse_bad_slug(slug, 60)
    rules.refuse_blank(
        {_("name"): name, _("council"): council, _("source of the population"): population_source},
        {_("name"): 120, _("council"): 120, _("source of the population"): 200},
    )
    rules.refuse_odd_number(_("population"), population, 1)
    rules.refuse_odd_year(
        {_("year of the population"): population_year, _("year of the boundaries"): boundary_year},
        FIRST_YEAR,
        LAST_YEAR,
    )
    lock_head()
    if Place.objects.filter(slug=slug).exists():
        raise Refused(
            _("There is a place at “%(slug)s” already. Choose another address for this one.")
            % {"slug": slug},
            code="place_exists",
        )
    place = Place.objects.create(
        slug=slug,
        name=name,
        council=council,
        population=population,
        population_year=population_year,
        population_source=population_source,
        boundary_year=boundary_year,
    )
    write_leaf(
        "place.opened",
        {
            "place": slug,
            "name": keep_words(name).commitment,
            "council": keep_words(council).commitment,
            "population": population,
            "population_year": population_year,
            "population_source": keep_words(population_source).commitment,
            "boundary_year": boundary_year,
            "actor": actor.as_leaf(),
        },
    )
    return place


@transaction.atomic
def add_street(name: str, postcode: str, *, place: Place | None, actor: Actor) -> Street:
    """Put a street on the list; `place` None says that it is known and lies in no place here."""
    rules.refuse_blank({_("street name"): name}, {_("street name"): 120})
    name_key, postcode_key = rules.street_key(name), rules.postcode_key(postcode)
    if not name_key or not postcode_key:
        raise Refused(
            _(
                "“%(street)s” is not a street and a full postcode. "
                "Write it like “Mill Lane” and “ZA1 1AJ”."
            )
            % {"street": f"{name}, {postcode}"},
            code="street_unreadable",
        )
    lock_head()
    if Street.objects.filter(name_key=name_key, postcode_key=postcode_key).exists():
        raise Refused(
            _(
                "%(street)s is on the list already. A street under one postcode lies in one "
                "place only."
            )
            % {"street": f"{name}, {postcode}"},
            code="street_exists",
        )
    street = Street.objects.create(
        place=place,
        name=name,
        postcode=f"{postcode_key[:-3]} {postcode_key[-3:]}",
        name_key=name_key,
        postcode_key=postcode_key,
    )
    write_leaf(
        "place.street_added",
        {
            "place": place.slug if place else "",
            "street": keep_words(str(street)).commitment,
            "actor": actor.as_leaf(),
        },
    )
    return street


@transaction.atomic
def record_need_once(
    place: Place,
    measure: str,
    value: int,
    *,
    year: int,
    boundary_year: int,
    source: str,
    licence: str,
    actor: Actor,
) -> tuple[NeedFigure, bool]:
    """The figure, and whether it is new: the same file imported again changes nothing.

    Refused, as in record_need, where another value or source stands for that year already.
    """
    lock_head()
    origin = {"year": year, "boundary_year": boundary_year, "source": source, "licence": licence}
    earlier = NeedFigure.objects.filter(place=place, measure=measure, value=value, **origin).first()
    if earlier is not None:
        return earlier, False
    return record_need(
        place, measure, value, year=year, boundary_year=boundary_year, source=source,
        licence=licence, actor=actor,
    ), True  # fmt: skip


@transaction.atomic
def record_need(
    place: Place,
    measure: str,
    value: int,
    *,
    year: int,
    boundary_year: int,
    source: str,
    licence: str,
    actor: Actor,
) -> NeedFigure:
    """Record one figure in hundredths; higher always means more need."""
    if measure not in NeedFigure.Measure.values:
        raise Refused(
            _("“%(measure)s” is not a measure we keep. Use one of %(known)s.")
            % {"measure": measure, "known": ", ".join(NeedFigure.Measure.values)},
            code="measure",
        )
    rules.refuse_odd_number(_("figure"), value, -(2**31) + 1)
    rules.refuse_odd_year(
        {_("year"): year, _("year of the boundaries"): boundary_year}, FIRST_YEAR, LAST_YEAR
    )
    rules.refuse_blank(
        {_("source"): source, _("licence"): licence}, {_("source"): 200, _("licence"): 120}
    )
    lock_head()
    said = {
        "place": place,
        "measure": measure,
        "year": year,
        "boundary_year": boundary_year,
    }
    if NeedFigure.objects.filter(**said).exists():
        raise Refused(
            _(
                "%(place)s has this figure for %(year)s on the boundaries of %(boundary_year)s. "
                "A figure is never overwritten; record the next year's."
            )
            % {"place": place.name, "year": year, "boundary_year": boundary_year},
            code="need_exists",
        )
    figure = NeedFigure.objects.create(**said, value=value, source=source, licence=licence)
    write_leaf(
        "place.need_recorded",
        {
            "place": place.slug,
            "measure": str(measure),
            "hundredths": value,
            "year": year,
            "boundary_year": boundary_year,
            "source": keep_words(source).commitment,
            "licence": keep_words(licence).commitment,
            "actor": actor.as_leaf(),
        },
    )
    return figure
