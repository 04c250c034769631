"""Pure questions about streets, postcodes and need: no query, no clock, no request."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused

# The endings of British street names as people shorten them. `St` at the end is Street; anywhere
# else it is Saint.
ENDINGS = {
    "ave": "avenue",
    "av": "avenue",
    "cl": "close",
    "cres": "crescent",
    "ct": "court",
    "dr": "drive",
    "gdns": "gardens",
    "gr": "grove",
    "grn": "green",
    "hl": "hill",
    "la": "lane",
    "ln": "lane",
    "pde": "parade",
    "pk": "park",
    "pl": "place",
    "rd": "road",
    "sq": "square",
    "st": "street",
    "str": "street",
    "ter": "terrace",
    "terr": "terrace",
    "wy": "way",
}
LONGEST_ASKED = 200
_POSTCODE = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?) ?([0-9][a-z]{2})\b")
_OUTWARD = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?(?: ?[0-9])?")
_DOOR_NUMBER = re.compile(r"(?:no|number)?[0-9]+[a-z]?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def plain_words(text: str) -> str:
    """Lower case, without accents, apostrophes or punctuation, one space between words."""
    text = unicodedata.normalize("NFKD", text[:LONGEST_ASKED]).casefold()
    text = re.sub("['\u2018\u2019\u0300-\u036f]", "", text).replace("&", " and ")
    return " ".join(re.findall(r"[a-z0-9]+", text))


def street_key(name: str) -> str:
    """What a street name is compared by: "12 St. Mary's Rd" gives "saint marys road"."""
    words = plain_words(name).split()
    while len(words) > 1 and (
        _DOOR_NUMBER.fullmatch(words[0]) or words[0] in {"flat", "unit", "no", "number"}
    ):
        words = words[1:]
    if not words:
        return ""
    words = [
        *("saint" if word == "st" else word for word in words[:-1]),
        ENDINGS.get(words[-1], words[-1]) if len(words) > 1 else words[-1],
    ]
    return " ".join(words)


def postcode_key(text: str) -> str:
    """A full postcode without spaces, in capitals: "al7 1ab" gives "AL71AB"; otherwise empty."""
    found = _POSTCODE.fullmatch(plain_words(text))
    return "".join(found.groups()).upper() if found else ""


@dataclass(frozen=True)
class StreetAsked:
    """What somebody typed, taken apart. Empty parts were not given."""

    street: str
    postcode: str
    postcode_start: str

    def __bool__(self) -> bool:
        return bool(self.postcode or self.postcode_start or len(self.street) > 1)


def read_street(text: str) -> StreetAsked:
    """Find a postcode, the start of one, or a street name in whatever was typed."""
    plain = plain_words(text)
    found = _POSTCODE.search(plain)
    if found:
        rest = (plain[: found.start()] + plain[found.end() :]).strip()
        return StreetAsked(street_key(rest), "".join(found.groups()).upper(), "")
    if _OUTWARD.fullmatch(plain):
        return StreetAsked("", "", plain.replace(" ", "").upper())
    return StreetAsked(street_key(plain), "", "")


def is_slug(text: str, longest: int) -> bool:
    """Whether it can be an address on this site, and so the name of a folder of a copy of it."""
    return _SLUG.fullmatch(text) is not None and len(text) <= longest


def refuse_bad_slug(slug: str, longest: int) -> None:
    if not is_slug(slug, longest):
        raise Refused(
            _(
                "“%(slug)s” cannot be an address on this site. Use small letters, figures and "
                "single hyphens, at most %(longest)s characters, such as mill-lane."
            )
            % {"slug": slug, "longest": longest},
            code="slug",
        )


def refuse_blank(said: Mapping[str, str], longest: Mapping[str, int]) -> None:
    """Every named text must be there, fit its column and hold no control character."""
    for name, text in said.items():
        if not text.strip() or not text.isprintable() or len(text) > longest[name]:
            raise Refused(
                _("The %(name)s must be plain words on one line, 1 to %(longest)s characters.")
                % {"name": name, "longest": longest[name]},
                code="text",
            )


def refuse_odd_year(said: Mapping[str, int], first: int, last: int) -> None:
    for name, year in said.items():
        if type(year) is not int or not first <= year <= last:
            raise Refused(
                _("The %(name)s is %(given)s. Write a year, such as 2024.")
                % {"name": name, "given": repr(year)},
                code="year",
            )


def refuse_odd_number(name: str, number: int, least: int) -> None:
    """A count must be a whole number that every database can hold."""
    if type(number) is not int or not least <= number < 2**31:
        raise Refused(
            _("The %(name)s is %(given)s. Write a whole number from %(least)s up.")
            % {"name": name, "given": repr(number), "least": f"{least:,}"},
            code="number",
        )


def positions(scores: Mapping[int, int]) -> dict[int, int]:
    """Position of each key by score, highest first; equal scores share the better position."""
    first: dict[int, int] = {}
    for place, score in enumerate(sorted(scores.values(), reverse=True), start=1):
        first.setdefault(score, place)
    return {key: first[score] for key, score in scores.items()}


def in_line(
    measures: Iterable[Mapping[int, int]], tie: Mapping[int, str]
) -> Sequence[tuple[int, int]]:
    """Places in order of need as (place, position): the sum of their positions on each measure.

    A place without a score on every measure is left out: a missing figure is not a low one.
    Places with the same sum share a position and are listed by `tie`, their slug.
    """
    by_measure = [positions(scores) for scores in measures]
    if not by_measure:
        return []
    complete = set.intersection(*(set(ranked) for ranked in by_measure))
    sums = {place: sum(ranked[place] for ranked in by_measure) for place in complete}
    shared = positions({place: -total for place, total in sums.items()})
    return sorted(shared.items(), key=lambda pair: (pair[1], tie[pair[0]]))
