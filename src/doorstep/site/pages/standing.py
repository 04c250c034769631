"""What a round that is not counted yet says to a neighbour: what it is, what happened, what next.

All of it is a function of the record and of today's date in London, so the page can be kept: that
voting is open is what the poll's leaf says, never the clock.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.places.models import Place
from doorstep.apps.rounds.models import Ground, Round, RoundSize, RoundState, Terms
from doorstep.apps.voting.models import PollState
from doorstep.site import words


@dataclass(frozen=True)
class Standing:
    """One state of a round. `can` is what a reader may do now: words, and an address or none."""

    phase: str
    tag: str
    tone: str
    happened: str
    can: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[str, str], ...] = field(default=())

    @property
    def links(self) -> list[tuple[str, str]]:
        return [(name, address) for name, address in self.can if address]

    @property
    def hints(self) -> list[str]:
        return [name for name, address in self.can if not address]


def any_round() -> QuerySet[Round]:
    """Every round with all that its page tells but the ballots: drafts too, whose page decides."""
    return (
        Round.objects.select_related(
            "place",
            "title",
            "cancel_reason",
            "terms",
            "poll",
            "result",
            "box",
            "frozen",
            "closed",
            "counted",
            "settled",
            "cancelled",
        )
        .defer("box__packed")
        .order_by("-pk")
    )


def rounds_to_run(place: Place) -> list[Round]:
    """Every live round that was drafted here, also drafts, newest first; one SQL statement."""
    drafted = any_round().filter(place=place, terms__isnull=False)
    return list(drafted.defer("box__packed", "result__outcome"))


def neighbours_read(round_: Round, today: date) -> str:
    """The word beside the name of a round where neighbours find it; a draft may be hidden."""
    now = None if hasattr(round_, "result") else standing(round_, today)
    return str(now.tag if now else round_.neighbour_word)


def standing(round_: Round, today: date) -> Standing | None:
    """Where a round stands that has no result. None for a draft that nobody may see yet."""
    terms: Terms | None = getattr(round_, "terms", None)
    if round_.state == RoundState.CANCELLED:
        return _cancelled(round_)
    if round_.state == RoundState.DRAFT:
        return _draft(round_, terms, today) if terms and terms.ideas_from <= today else None
    if round_.state == RoundState.CLOSED:
        return Standing(
            "over", round_.neighbour_word, "waiting",
            _("Voting has ended, and the ballots are sealed into the record. They are counted "
              "next, by the rule that was fixed before anyone voted."),
            ((_("Come back for the result: it will be on this page."), ""), *_counts(round_)),
            _dates(terms),
        )  # fmt: skip
    if terms is None:
        return Standing(
            "fixed", round_.neighbour_word, "plain",
            _("What can be chosen and how it is counted is fixed, and nobody can change it."),
            ((_("Read the ideas below."), ""),),
        )  # fmt: skip
    return _frozen(round_, terms, today)


def _draft(round_: Round, terms: Terms, today: date) -> Standing:
    ideas = reverse("ideas:list", args=[round_.slug])
    if today <= terms.ideas_until:
        return Standing(
            "ideas", _("ideas are open"), "good",
            _("Ideas are being collected until %(day)s. Every one is checked in public, and "
              "whatever can be done for the money goes on the ballot.")
            % {"day": words.day(terms.ideas_until)},
            (
                (_("Propose an idea"), reverse("ideas:propose", args=[round_.slug])),
                (_("Read the ideas so far"), ideas),
            ),
            _dates(terms),
        )  # fmt: skip
    return Standing(
        "checks", _("ideas are being checked"), "waiting",
        _("No more ideas are taken. Each one is checked: what it costs, and whether it can be "
          "done. Every idea has its answer, in public, by %(day)s.")
        % {"day": words.day(terms.checked_by)},
        ((_("See what was answered so far"), ideas),),
        _dates(terms),
    )  # fmt: skip


def _frozen(round_: Round, terms: Terms, today: date) -> Standing:
    poll = getattr(round_, "poll", None)
    ideas = (_("Read the ideas"), "#ideas")
    counts = _counts(round_)
    opens, closes = words.moment(terms.opens_at), words.moment(terms.closes_at)
    if terms.size == RoundSize.ROOM:
        if today > timezone.localdate(terms.closes_at):
            return _over(terms, counts)
        return Standing(
            "room", _("the vote is in one room"), "good",
            _("The vote is held at one meeting, on %(when)s. Two people count there, in front of "
              "everybody.") % {"when": opens},
            (ideas, (_("Come to the meeting. You need nothing but yourself."), "")),
            _dates(terms),
        )  # fmt: skip
    state = poll.state if poll else PollState.PREPARED
    if state == PollState.OPEN:
        return Standing(
            "voting", _("voting is open"), "good",
            _("Voting is open until %(when)s. You vote with the code from your letter or card, "
              "here or on paper, and you can change your mind until then.") % {"when": closes},
            ((_("Vote now"), "/vote/"), ideas, *counts,
             (_("No code? Ask at the desk of the partnership."), "")),
            _dates(terms),
        )  # fmt: skip
    if state != PollState.PREPARED:
        return _over(terms, counts)
    return Standing(
        "fixed", round_.neighbour_word, "plain",
        _("What can be chosen, what it costs and how it is counted is fixed, and nobody can change "
          "it. Voting opens on %(when)s.") % {"when": opens},
        (ideas, *counts, (_("Keep the letter or card with your code: it is your vote."), "")),
        _dates(terms),
    )  # fmt: skip


def _counts(round_: Round) -> tuple[tuple[str, str], ...]:
    """The way to the public numbers of codes, where there are codes."""
    if getattr(round_, "poll", None) is None:
        return ()
    return ((_("How many codes are out, and used"), reverse("voting:counts", args=[round_.slug])),)


def _over(terms: Terms, counts: tuple[tuple[str, str], ...]) -> Standing:
    return Standing(
        "over", _("voting is over"), "waiting",
        _("Voting is over. Next the ballots are taken out of their envelopes by people who cannot "
          "do it alone, then counted, and the result is published here.")
        if terms.secrecy == "trustees"
        else _("Voting is over. Next the votes are counted, and the result is published here."),
        (
            (_("Keep your tracker: with it you can find your ballot once it is counted."), "")
            if terms.publication == "whole"
            else (_("Come back for the result: it will be on this page."), ""),
            *counts,
        ),
        _dates(terms),
    )  # fmt: skip


def _cancelled(round_: Round) -> Standing:
    reason = (round_.cancel_reason and round_.cancel_reason.text) or _("(words removed)")
    return Standing(
        "cancelled", round_.neighbour_word, "stopped",
        _("This round was called off, and its money is back with the place. The reason given: "
          "%(reason)s") % {"reason": reason},
        ((_("See what else this place decides"), reverse("place", args=[round_.place.slug])),),
    )  # fmt: skip


def _dates(terms: Terms | None) -> tuple[tuple[str, str], ...]:
    if terms is None:
        return ()
    dated = [
        (_("Ideas"), _("%(first)s to %(last)s")
         % {"first": words.day(terms.ideas_from), "last": words.day(terms.ideas_until)}),
        (_("Every idea answered by"), words.day(terms.checked_by)),
        (_("Voting opens"), words.moment(terms.opens_at)),
        (_("Voting ends"), words.moment(terms.closes_at)),
    ]  # fmt: skip
    ages = _("everybody of %(age)s and over who") % {"age": terms.minimum_age}
    return (*dated, (_("Who can take part"), f"{ages} {grounds(terms)}"))


def grounds(terms: Terms) -> str:
    """ "lives here, works here or studies here", as the terms have them."""
    named = [str(Ground(one).label) for one in terms.grounds]
    if len(named) < 2:
        return "".join(named)
    return _("%(some)s or %(last)s") % {"some": ", ".join(named[:-1]), "last": named[-1]}
