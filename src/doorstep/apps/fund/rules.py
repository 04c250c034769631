"""Pure questions about the fund's money: yes or no, with the reason in a resident's words."""

from collections.abc import Collection, Mapping, Sequence
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


def most_match(released: int, ratio_percent: int) -> int:
    """The most match money for what was released of the forgotten money."""
    return released * ratio_percent // 100


def refuse_match_over_ratio(
    offered: int, matched_so_far: int, released_so_far: int, ratio_percent: int
) -> None:
    """Match money may not run ahead of the forgotten money it matches."""
    most = most_match(released_so_far, ratio_percent)
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


def refuse_match_over_cap(offered: int, matched_so_far: int, cap: int) -> None:
    """All match money together stays under what the matcher promised at most."""
    if matched_so_far + offered > cap:
        raise Refused(
            _(
                "This match of %(offered)s would bring the match to %(total)s, and at most %(cap)s "
                "was promised in all. Record a match of up to %(left)s."
            )
            % {
                "offered": pounds(offered),
                "total": pounds(matched_so_far + offered),
                "cap": pounds(cap),
                "left": pounds(max(0, cap - matched_so_far)),
            },
            code="match_over_cap",
        )


def refuse_reclaim(asked: int, never_reclaimed: int, behind: int) -> None:
    """Nobody reclaims more than came; and what is promised to places is not taken from them."""
    if asked > never_reclaimed:
        raise Refused(
            _(
                "%(asked)s was asked for, but of this class only %(left)s came and was not "
                "reclaimed before. Check the class and the sum."
            )
            % {"asked": pounds(asked), "left": pounds(never_reclaimed)},
            code="reclaim_over_transfers",
        )
    if asked > behind:
        raise Refused(
            _(
                "%(asked)s is owed, and the fund holds %(held)s that is not promised to places. "
                "Pay that much now and the rest from the next money that comes: it goes to owners "
                "first."
            )
            % {"asked": pounds(asked), "held": pounds(behind)},
            code="reclaim_short",
        )


def required_reserve(expected: int, margin_percent: int) -> int:
    """What a reserve must keep: the reclaims still expected and the margin, rounded up."""
    return -(-expected * margin_percent // 100)


def refuse_release(asked: int, held: int, required: int) -> None:
    """A release never eats the reserve."""
    if asked > held - required:
        raise Refused(
            _(
                "Releasing %(asked)s would leave %(left)s in the reserve, and the last review says "
                "that %(required)s must stay for owners. At most %(most)s can be released."
            )
            % {
                "asked": pounds(asked),
                "left": pounds(held - asked),
                "required": pounds(required),
                "most": pounds(max(0, held - required)),
            },
            code="release_eats_reserve",
        )


def refuse_wave(asked: int, held: int, programme: str) -> None:
    """A wave promises only money that is there."""
    if asked > held:
        raise Refused(
            _(
                "This wave promises %(asked)s, and the programme %(programme)s holds %(held)s. The "
                "fund could not keep it: %(missing)s is missing. Make the wave smaller, or set "
                "more aside first."
            )
            % {
                "asked": pounds(asked),
                "programme": programme,
                "held": pounds(held),
                "missing": pounds(asked - held),
            },
            code="wave_not_kept",
        )


def yearly_parts(pence: int, years: int) -> list[int]:
    """A sum in equal whole parts, a year each; odd pennies go to the first years."""
    each, odd = divmod(pence, years)
    return [each + (year < odd) for year in range(years)]


def due_so_far(yearly: Sequence[int], begins_on: date, on: date) -> int:
    """What fell due from the first day of each year of the term, up to and on a day."""
    return sum(
        part
        for year, part in enumerate(yearly)
        if (begins_on.year + year, begins_on.month, begins_on.day) <= (on.year, on.month, on.day)
    )


def refuse_draw_down(asked: int, due: int, drawn: int, ended: bool) -> None:
    """A place draws what fell due, with what it carried over, and no more before its year."""
    if ended:
        raise Refused(
            _("The term of this share has ended. What was not drawn goes back to the fund."),
            code="term_over",
        )
    if asked > due - drawn:
        raise Refused(
            _(
                "%(asked)s was asked for. %(due)s fell due so far and %(drawn)s was drawn, so "
                "%(left)s can be drawn now; what is not drawn is carried over."
            )
            % {
                "asked": pounds(asked),
                "due": pounds(due),
                "drawn": pounds(drawn),
                "left": pounds(due - drawn),
            },
            code="not_due_yet",
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


REASON_LENGTH = 2_000


def refuse_reason(reason: str) -> None:
    """A decision always says why, in words that a stranger understands later."""
    if not 20 <= len(reason.strip()) <= REASON_LENGTH:
        raise Refused(
            _("Say why in 20 to %(most)s characters: people will read it for years.")
            % {"most": f"{REASON_LENGTH:,}"},
            code="reason_missing",
        )


def refuse_unshared(pot: int, chosen: int, most: int) -> None:
    """A proposal shares a pot, among at least one place, and no more than one leaf can name."""
    if pot <= 0:
        raise Refused(
            _("This study shares no pot. Add [share] with pot_pounds to it."), code="no_pot"
        )
    if not chosen:
        raise Refused(
            _("No place meets every rule of this programme, so there is nothing to share."),
            code="nobody_in_line",
        )
    if chosen > most:
        raise Refused(
            _("%(chosen)s places would share this pot, and one decision names at most %(most)s.")
            % {"chosen": f"{chosen:,}", "most": f"{most:,}"},
            code="too_many_places",
        )


def refuse_negative(pence: int) -> None:
    """An expected sum is whole pence of nothing or more."""
    if type(pence) is not int or not 0 <= pence < 2**53:
        raise Refused(
            _("%(sum)s is not a sum in whole pence. Write 0 or more.") % {"sum": repr(pence)},
            code="not-pence",
        )


def refuse_no_shares(sums: Collection[int]) -> None:
    """A wave has places, and each of them a sum."""
    if not sums or any(type(pence) is not int or pence <= 0 for pence in sums):
        raise Refused(
            _("A wave needs at least one place, and each place a sum above nothing."),
            code="no_shares",
        )


def refuse_other_wave(first: Mapping[str, int], asked: Mapping[str, int]) -> None:
    """An id stands for one wave; asked for again, it must be for the same places and sums."""
    if first != asked:
        raise Refused(
            _("There is a wave of that id with other places or sums. Nothing was moved."),
            code="wave_exists",
        )


def refuse_running_term(ends_on: date, on: date) -> None:
    """What a place has not drawn stays its own until its term is over."""
    if on <= ends_on:
        raise Refused(
            _("This term runs to %(ends)s. Until then what is not drawn is carried over.")
            % {"ends": said_day(ends_on)},
            code="term_runs",
        )


def refuse_other_step(first: tuple[object, ...], asked: tuple[object, ...]) -> None:
    """A reference stands for one step; asked for again, it must be the same."""
    if first != asked:
        raise Refused(
            _("This form was sent already with other answers. Reload the page and fill it again."),
            code="key-reused",
        )


def refuse_own_step(asked_by: int, account: int) -> None:
    """Whoever asks for a step never agrees to it."""
    if asked_by == account:
        raise Refused(
            _("You asked for this step, so somebody else agrees to it. You may take it back."),
            code="own_step",
        )


def refuse_answered(answered: bool) -> None:
    """A step is answered once."""
    if answered:
        raise Refused(
            _("This step was answered already. Reload the page to see what was said."),
            code="answered",
        )


def refuse_kept_entry(may: bool, entry: int) -> None:
    """What was promised to places is not taken back, and a reversal is not reversed."""
    if not may:
        raise Refused(
            _(
                "Entry %(entry)s cannot be taken back: places count on what was promised to them, "
                "and a term ends once. Follow it with another step, such as giving money back."
            )
            % {"entry": entry},
            code="kept_entry",
        )


def refuse_unmatched(matched: int, released: int, ratio_percent: int) -> None:
    """Taking money back must not leave a match without the money that it matches."""
    most = most_match(released, ratio_percent)
    if matched > most:
        raise Refused(
            _(
                "That would leave %(matched)s of match for %(released)s of forgotten money, and "
                "the rule allows %(most)s. Take back as much of the match first."
            )
            % {
                "matched": pounds(matched),
                "released": pounds(released),
                "most": pounds(most),
            },
            code="match_over_ratio",
        )


def refuse_future(on: date, today: date) -> None:
    """Money that has not moved is not recorded."""
    if on > today:
        raise Refused(
            _(
                "%(day)s has not come yet, and money that has not moved is not recorded. Record "
                "it on its day."
            )
            % {"day": said_day(on)},
            code="future_day",
        )


def refuse_future_rules(on: date, today: date) -> None:
    """Nobody decides by the rules of a day that has not come."""
    if on > today:
        raise Refused(
            _(
                "%(day)s has not come yet, and nobody knows which rules will hold then. Use the "
                "rules of today or of an earlier day."
            )
            % {"day": said_day(on)},
            code="future_day",
        )
