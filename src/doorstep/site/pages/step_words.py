"""A step of a fund in words: what is asked for, by whom, and what it would move."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.fund.models import AssetClass, Decision, Programme, Step, WaveShare
from doorstep.apps.fund.queries import ShareStanding
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


@dataclass(frozen=True)
class Lists:
    """What a page's steps can be about: read once for the lists in all its forms, and for names."""

    programmes: Sequence[Programme] = ()
    decisions: Sequence[Decision] = ()
    places: Sequence[Place] = ()
    given: Sequence[Place] = ()  # the places that the fund gave something
    shares: Sequence[ShareStanding] = ()  # those that are drawn over years

    def name_of_share(self, pk: int) -> str:
        known = next((one.share for one in self.shares if one.share.pk == pk), None)
        # Another fund's, on the page of a place to which two funds gave a share.
        related = WaveShare.objects.select_related("allocation__place", "wave")
        return share_name(known or related.get(pk=pk))

    def name_of_place(self, slug: str) -> str:
        known = next((one for one in self.places if one.slug == slug), None)
        return str(known or Place.objects.get(slug=slug))


def share_name(share: WaveShare) -> str:
    return f"{share.allocation.place}, {share.wave.slug}"


def told(step: Step, lists: Lists) -> Told:
    """A step in words. No statement where its place or share is in the page's lists."""
    parts = tuple(_parts(step, lists))
    return Told(step, str(step.get_kind_display()), parts, role_name(step.asked_role))


def _parts(step: Step, lists: Lists) -> Iterator[tuple[str, str]]:
    named: dict[str, Callable[[Any], str]] = {
        "share": lists.name_of_share,
        "place": lists.name_of_place,
    }
    for name, (label, words) in _SAID.items():
        if name in step.said:
            yield str(label), named.get(name, words)(step.said[name])
    if step.words is not None:
        yield _("In words"), step.words.text or _("(words erased)")


def _day(text: str) -> str:
    return said_day(date.fromisoformat(text))


# What a step says, in the order in which it is read: {name: (label, its value in words)}.
_SAID: dict[str, tuple[Any, Callable[[Any], str]]] = {
    "asset_class": (gettext_lazy("Class"), lambda value: str(AssetClass(value).label)),
    "share": (gettext_lazy("Share"), str),
    "place": (gettext_lazy("Place"), str),
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
