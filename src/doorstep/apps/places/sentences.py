"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.places.models import NeedFigure, Place, SourceFile
from doorstep.apps.record.sentences import Body, Words, names, tells


@names("place")
def _names(slugs: set[str]) -> dict[str, str]:
    return dict(Place.objects.filter(slug__in=slugs).values_list("slug", "name"))


@tells("place.opened", group=gettext_lazy("Places"))
def _opened(body: Body, words: Words) -> str:
    return _("%(name)s in %(council)s joined: %(population)s people in %(year)s.") % {
        "name": words(body["name"]),
        "council": words(body["council"]),
        "population": f"{body['population']:,}",
        "year": body["population_year"],
    }


@tells("place.street_added")
def _street_added(body: Body, words: Words) -> str:
    said = {"street": words(body["street"]), "place": body["place"]}
    if not body["place"]:
        return _("%(street)s was put on the list as lying in no place here.") % said
    return _("%(street)s was put on the list of streets of %(place)s.") % said


@tells("place.need_recorded")
def _need_recorded(body: Body, words: Words) -> str:
    whole, rest = divmod(abs(body["hundredths"]), 100)
    return _(
        "%(measure)s of %(place)s in %(year)s: %(value)s, on the boundaries of %(boundary_year)s. "
        "Source: %(source)s."
    ) % {
        "measure": NeedFigure.Measure(body["measure"]).label,
        "place": body["place"],
        "year": body["year"],
        "value": f"{'-' if body['hundredths'] < 0 else ''}{whole}.{rest:02}",
        "boundary_year": body["boundary_year"],
        "source": words(body["source"]),
    }


@tells("place.file_read")
def _file_read(body: Body, words: Words) -> str:
    return _("%(what)s (%(about)s): %(rows)s rows were read from “%(title)s” of %(year)s.") % {
        "what": SourceFile.Kind(body["what"]).label,
        "about": body["about"],
        "rows": f"{body['rows']:,}",
        "title": words(body["title"]),
        "year": body["year"],
    }


@tells("place.area_joined")
def _area_joined(body: Body, words: Words) -> str:
    return _("%(place)s is the official area %(code)s (%(unit)s %(year)s).") % {
        "place": body["place"],
        "code": body["code"],
        "unit": body["unit"],
        "year": body["boundary_year"],
    }
