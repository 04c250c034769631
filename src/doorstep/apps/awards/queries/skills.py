"""The other fear: "do they have the skills?" What members learned, as each partnership wrote it
down. Each measure is one row for each partnership, so that its figure can be counted again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from doorstep.apps.partnerships.queries.learning import Learned, all_learned

# Fixed with the other questions of the evidence page, before any figure is shown.
DEFINITIONS = {
    "training": "Cases: partnerships of all places that have or had a member. Yes: the partnership "
    "wrote down training that members took, and did not withdraw it. Share of cases, Wilson "
    "interval at 95 %. Total: member-minutes, which are of each such training its minutes times "
    "the members who took part. As the partnership wrote it; nobody else checked it.",
    "support": "Cases: those of `training`. Yes: the partnership wrote down help of an adviser, a "
    "paid worker, a council officer or somebody else, and did not withdraw it. Share of cases, "
    "Wilson interval at 95 %. Total: minutes of such help. As the partnership wrote it; nobody "
    "else checked it.",
    "duty": "Cases: those of `training`. Yes: members do at least one duty themselves that the "
    "locally trusted organisation, an adviser, the council or nobody did before, by an entry that "
    "was not withdrawn, and that did not go back. Share of cases, Wilson interval at 95 %. Total: "
    "duties taken over by entries that were not withdrawn, whether or not they went back. As the "
    "partnership wrote it; nobody else checked it.",
    "duties": "Cases: those of `training`. Value: duties that members do themselves, as in `duty`; "
    "none is 0. Median, exact interval from order statistics at 95 %. Total: as in `duty`.",
}


@dataclass(frozen=True)
class Row:
    """One partnership that is counted, by its place, since its first member. `value` is 1 or 0 of a
    share, or duties; `entries` is how many are behind it, `total` minutes or duties."""

    place: str
    since: date
    value: int
    entries: int
    total: int


def rows_of(key: str, today: date) -> list[Row]:
    """The rows behind one measure, by place; two statements."""
    counts: dict[str, Callable[[Learned], tuple[int, int, int]]] = {
        "training": _training, "support": _support, "duty": _duty, "duties": _duties,
    }  # fmt: skip
    return [Row(one.place, one.since, *counts[key](one)) for one in all_learned(today)]


def _training(one: Learned) -> tuple[int, int, int]:
    taken = len(one.standing.training)
    return int(taken > 0), taken, one.standing.member_minutes


def _support(one: Learned) -> tuple[int, int, int]:
    used = len(one.standing.support)
    return int(used > 0), used, one.standing.support_minutes


def _duty(one: Learned) -> tuple[int, int, int]:
    held = len(one.standing.held)
    return int(held > 0), held, len(one.standing.duties)


def _duties(one: Learned) -> tuple[int, int, int]:
    held = len(one.standing.held)
    return held, held, len(one.standing.duties)
