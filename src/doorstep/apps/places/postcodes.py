"""Which small area a postcode lies in, with every other answer that a postcode can have."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count

from doorstep.apps.places import rules
from doorstep.apps.places.models import Area, AreaFigure, Postcode

MOST_AREAS = 12

# Postcode areas that lie wholly outside of England, by their letters.
ELSEWHERE = {
    "scotland": {"AB", "DD", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "ZE"},
    "wales": {"CF", "SA"},
    "northern-ireland": {"BT"},
    "islands": {"GY", "IM", "JE"},
}


class PostcodeFound(StrEnum):
    """What the directory can say."""

    NOT_ASKED = "not asked"
    NO_DIRECTORY = "no directory"
    PART = "part"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    NO_AREA = "no area"
    ENDED = "ended"
    FOUND = "found"


@dataclass(frozen=True)
class PostcodeAnswer:
    """`area` is the small area where one is known, also of an ended postcode; `beginnings` the
    small areas that postcodes with this beginning lie in, with how many of them."""

    found: PostcodeFound
    postcode: str = ""
    area: Area | None = None
    figures: tuple[AreaFigure, ...] = ()
    ended: str = ""
    nation: str = ""
    source: str = ""
    beginnings: tuple[tuple[Area, int], ...] = ()


def find_postcode(text: str) -> PostcodeAnswer:
    """The answer to what was typed. At most three statements; nothing is kept of it."""
    asked = rules.read_street(text)
    if not asked or not (asked.postcode or asked.postcode_start):
        return PostcodeAnswer(PostcodeFound.NOT_ASKED)
    if not asked.postcode:
        return _beginning(asked.postcode_start)
    key = asked.postcode
    shown = f"{key[:-3]} {key[-3:]}"
    row = Postcode.objects.filter(key=key).select_related("area", "source").first()
    if row is None:
        return _not_there(key, shown)
    if row.area is None:
        found = PostcodeFound.ENDED if row.ended else PostcodeFound.NO_AREA
        return PostcodeAnswer(found, shown, ended=row.ended, source=str(row.source))
    if not row.area.code.startswith("E"):
        return PostcodeAnswer(PostcodeFound.ELSEWHERE, shown, nation=_nation_of(row.area.code))
    figures = tuple(row.area.figures.select_related("source").order_by("pk"))
    return PostcodeAnswer(
        PostcodeFound.ENDED if row.ended else PostcodeFound.FOUND,
        shown, row.area, figures, row.ended, source=str(row.source),
    )  # fmt: skip


def _not_there(key: str, shown: str) -> PostcodeAnswer:
    letters = "".join(one for one in key[:2] if one.isalpha())
    for nation, areas in ELSEWHERE.items():
        if letters in areas:
            return PostcodeAnswer(PostcodeFound.ELSEWHERE, shown, nation=nation)
    if not Postcode.objects.exists():
        return PostcodeAnswer(PostcodeFound.NO_DIRECTORY, shown)
    return PostcodeAnswer(PostcodeFound.UNKNOWN, shown)


def _beginning(start: str) -> PostcodeAnswer:
    """Where postcodes that begin so lie: the areas with most of them first."""
    rows = (
        Postcode.objects.filter(key__startswith=start, ended="", area__isnull=False)
        .values("area")
        .annotate(n=Count("pk"))
        .order_by("-n", "area")[: MOST_AREAS + 1]
    )
    counted = {row["area"]: row["n"] for row in rows}
    areas = Area.objects.filter(pk__in=counted).order_by("code") if counted else ()
    return PostcodeAnswer(
        PostcodeFound.PART, start, beginnings=tuple((one, counted[one.pk]) for one in areas)
    )


def _nation_of(code: str) -> str:
    return {"W": "wales", "S": "scotland", "N": "northern-ireland"}.get(code[:1], "islands")
