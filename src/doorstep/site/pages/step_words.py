"""A step of a fund in words: what is asked for, by whom, and what it would move."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.fund.models import AssetClass, Step, WaveShare
from doorstep.apps.people.rules import role_name
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.site.words import money


@dataclass(frozen=True)
class Told:
    """A step's title, its parts as (label, value), and who asked when."""

    step: Step
    title: str
    parts: tuple[tuple[str, str], ...]
    role: str


def told(step: Step) -> Told:
    """At most two statements: a place's or a share's name."""
    return Told(step, str(step.get_kind_display()), tuple(_parts(step)), role_name(step.asked_role))


def _parts(step: Step) -> Iterator[tuple[str, str]]:
    for name, (label, words) in _SAID.items():
        if name in step.said:
            yield str(label), words(step.said[name])
    if step.words is not None:
        yield _("In words"), step.words.text or _("(words erased)")


def _of_share(pk: int) -> str:
    share = WaveShare.objects.select_related("allocation__place", "wave").get(pk=pk)
    return f"{share.allocation.place}, {share.wave.slug}"


def _day(text: str) -> str:
    return said_day(date.fromisoformat(text))


# What a step says, in the order in which it is read: {name: (label, its value in words)}.
_SAID: dict[str, tuple[Any, Callable[[Any], str]]] = {
    "asset_class": (gettext_lazy("Class"), lambda value: str(AssetClass(value).label)),
    "share": (gettext_lazy("Share"), _of_share),
    "place": (gettext_lazy("Place"), lambda slug: str(Place.objects.get(slug=slug))),
    "programme": (gettext_lazy("Programme"), str),
    "decision": (gettext_lazy("The decision"), str),
    "wave": (gettext_lazy("Wave"), str),
    "begins_on": (gettext_lazy("First day of the term"), _day),
    "ends_on": (gettext_lazy("Last day of the term"), _day),
    "years": (gettext_lazy("Years to draw it in"), str),
    "entry": (gettext_lazy("Number of the entry"), str),
    "on": (gettext_lazy("Day on which it arrived"), _day),
    "pence": (gettext_lazy("How much?"), money),
}
