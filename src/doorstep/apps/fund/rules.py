"""Pure questions about the fund's money: yes or no, with the reason in a resident's words."""

from datetime import date

from django.utils.translation import gettext as _

from doorstep.apps.ledger.rules import FIRST_PARTS, pounds
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused

GIVER_LENGTH = 120


def refuse_reserved_fund(slug: str) -> None:
    """A fund's id begins its accounts' codes, so it may not be what other codes begin with."""
    if slug in FIRST_PARTS:
        raise Refused(
            _(
                "“%(slug)s” cannot name a fund, because the ledger uses that word itself. Choose "
                "another id."
            )
            % {"slug": slug},
            code="fund_reserved",
        )


def refuse_giver(giver: str) -> None:
    """Money always says whom it came from, as far as the giver wants to be named."""
    if not 1 <= len(giver.strip()) <= GIVER_LENGTH:
        raise Refused(
            _("Say who gave this money in 1 to %(most)s characters.") % {"most": GIVER_LENGTH},
            code="giver_missing",
        )


def reserved_part(pence: int, percent: int) -> int:
    """The part of `pence` kept back for owners who reclaim: `percent` of it, rounded up.

    Rounding goes towards the reserve, because an owner's right comes first.
    """
    return -(-pence * percent // 100)


def refuse_match_over_ratio(
    offered: int, matched_so_far: int, released_so_far: int, ratio_percent: int
) -> None:
    """Match money may not run ahead of the forgotten money it matches."""
    most = released_so_far * ratio_percent // 100
    if matched_so_far + offered > most:
        raise Refused(
            _(
                "This match of %(offered)s would bring the match to %(total)s, but the rule allows "
                "%(most)s for the %(released)s of forgotten money released so far. Record the "
                "forgotten money first, or a smaller match."
            )
            % {
                "offered": pounds(offered),
                "total": pounds(matched_so_far + offered),
                "most": pounds(most),
                "released": pounds(released_so_far),
            },
            code="match_over_ratio",
        )


def refuse_term(begins_on: date, ends_on: date) -> None:
    """An allocation is for a term that ends after it begins."""
    if ends_on <= begins_on:
        raise Refused(
            _(
                "The term would end on %(ends)s, not after it begins on %(begins)s. Give a later "
                "last day."
            )
            % {"ends": said_day(ends_on), "begins": said_day(begins_on)},
            code="term_ends_before_it_begins",
        )


def refuse_other_term(asked: tuple[date, date], first: tuple[date, date], entry: int) -> None:
    """A reference stands for one share; asked for again, it must be for the same term."""
    if asked != first:
        raise Refused(
            _(
                "This reference was used already for a share from %(begins)s to %(ends)s (entry "
                "%(entry)s). Nothing was moved. Give the same days, or use another reference."
            )
            % {"begins": said_day(first[0]), "ends": said_day(first[1]), "entry": entry},
            code="key-reused",
        )
