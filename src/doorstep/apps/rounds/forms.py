"""What the partnership fills in: a new round, everything about a draft, a reason, a tally."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from doorstep.apps.files.forms import UploadField
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.places.models import Place
from doorstep.apps.rounds.asking import Asking, faults
from doorstep.apps.rounds.defaults import EQUAL_SHARES, GREEDY, moment
from doorstep.apps.rounds.models import (
    Ground,
    Project,
    Publication,
    Round,
    RoundSize,
    Secrecy,
    Tally,
    Terms,
    VoteType,
)
from doorstep.apps.rounds.totals import MOST_VOTERS, Counted
from doorstep.engine.rulebook import rule as rulebook

_AMOUNT = re.compile(r"£? ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.([0-9]{2}))?")
# What a BIGINT of pence holds with room to spare, and more than any fund of this kind.
MOST_POUNDS = 1_000_000_000
SIZES = [
    (
        RoundSize.ROOM,
        _("One room. People tick slips or place tokens at a meeting, and two people count them."),
    ),
    (
        RoundSize.STREET,
        _("A few streets. Codes are handed out at a desk or a door; people vote online or on "
          "paper."),
    ),
    (
        RoundSize.WHOLE_PLACE,
        _("The whole place. Letters with codes go to homes, ballots are sealed, and two of three "
          "trustees open the box."),
    ),
]  # fmt: skip
BALLOTS = [
    (VoteType.APPROVAL, _("They choose the ideas they support.")),
    (VoteType.CUMULATIVE, _("They share a number of points among ideas.")),
    (VoteType.ORDINAL, _("They rank ideas, the dearest to them first.")),
]
RULES = [
    (
        EQUAL_SHARES,
        _("Equal Shares: every voter holds an equal part of the money, so one large group cannot "
          "take the whole pot."),
    ),
    (GREEDY, _("Most votes first: ideas are funded in order of support while the pot lasts.")),
]  # fmt: skip
PUBLISHED = [
    (Publication.WHOLE, _("Every ballot, shuffled and without names. Anyone can count again.")),
    (
        Publication.AGGREGATE,
        _("Totals only. Two people count again and sign; nobody else can."),
    ),
]
OPENED = [
    (Secrecy.TRUSTEES, _("Two of three trustees together, with keys that only they hold.")),
    (Secrecy.HOUSE, _("This server, when two members ask it to. Whoever runs it could look.")),
]
SPOKEN = [("en", _("English")), ("cy", _("Welsh"))]


def read_pounds(text: str) -> int | None:
    """Pence of an amount as people type it: "£1,800", "1800.50"; None where it is no amount."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        return None
    pence = int(found[1].replace(",", "")) * 100 + int(found[2] or 0)
    return pence if 0 < pence <= MOST_POUNDS * 100 else None


class PoundsField(forms.CharField):
    """An amount of money in pounds; it gives pence."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short"})
        super().__init__(widget=widget, max_length=20, **options)

    def prepare_value(self, value: Any) -> Any:
        return pounds(value).removeprefix("£") if type(value) is int else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        pence = read_pounds(text)
        if pence is None:
            raise forms.ValidationError(
                _("Write an amount in pounds, such as 1,800 or 1800.50."), code="pounds"
            )
        return pence


class _Teaching(forms.Form):
    """Says which box is empty, so that a list of what went wrong can be read by itself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for bound in self.fields.values():
            teach(bound)


def teach(field: forms.Field) -> None:
    field.error_messages["required"] = _("Fill this in: %(label)s") % {"label": field.label}


def _number(label: Any, least: int, most: int, *, hint: Any = "", needed: bool = True) -> Any:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        required=needed,
        error_messages={
            "invalid": _("Write a whole number."),
            "min_value": _("Write a number of %(limit_value)s or more."),
            "max_value": _("Write a number of %(limit_value)s or less."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
    )


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
    )


def _one_of(label: Any, choices: Sequence[Any], *, hint: Any = "", needed: bool = True) -> Any:
    return forms.ChoiceField(
        label=label, choices=choices, help_text=hint, required=needed, widget=forms.RadioSelect
    )


class NewRoundForm(_Teaching):
    """The four things to begin with; everything else has a default that can be changed."""

    title = forms.CharField(
        label=_("What is the round called?"),
        help_text=_("A question that people can answer, such as “What shall we do first?”"),
        max_length=120,
    )
    pot = PoundsField(label=_("How much money is in the pot, in pounds?"))
    size = _one_of(_("How large is the vote?"), SIZES)
    expected_voters = _number(_("About how many people will vote?"), 1, 1_000_000)

    def __init__(self, *args: Any, place: Place, **options: Any) -> None:
        super().__init__(*args, **options)
        self.room_maximum = room_maximum(place, timezone.localdate())
        self.fields["size"].help_text = _("One room is for pots up to %(most)s.") % {
            "most": pounds(self.room_maximum)
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("size") == RoundSize.ROOM and given.get("pot", 0) > self.room_maximum:
            self.add_error(
                "size",
                _(
                    "A vote in one room is for pots up to %(most)s. Make the pot smaller, or "
                    "choose a larger size of vote."
                )
                % {"most": pounds(self.room_maximum)},
            )
        return given


class DraftForm(_Teaching):
    """Everything that a freeze will fix. A vote in one room decides some of it by itself."""

    title = forms.CharField(label=_("What is the round called?"), max_length=120)
    pot = PoundsField(label=_("How much money is in the pot, in pounds?"))
    size = _one_of(_("How large is the vote?"), SIZES)
    expected_voters = _number(_("About how many people will vote?"), 1, 1_000_000)
    ideas_from = _day(_("People can propose ideas from"))
    ideas_until = _day(_("Last day to propose"))
    checked_by = _day(_("Every idea is answered by"))
    opens_on = _day(_("Voting opens on"))
    opens_time = _clock(_("At what time?"))
    closes_on = _day(_("Voting ends on"))
    closes_time = _clock(_("At what time does it end?"))
    grounds = forms.MultipleChoiceField(
        label=_("Who may take part? Anyone who"),
        choices=Ground.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    minimum_age = _number(_("From what age?"), 0, 120)
    vote_type = _one_of(_("How do people vote?"), BALLOTS)
    minimum_choices = _number(
        _("At least how many ideas must somebody choose?"), 1, 500,
        hint=_("Below it nothing is cast."),
    )  # fmt: skip
    encouraged_choices = _number(
        _("How many do you encourage?"), 1, 500,
        hint=_("People who choose three or more help others than themselves."),
    )  # fmt: skip
    maximum_choices = _number(
        _("At most how many?"), 1, 500, hint=_("Empty means no maximum."), needed=False
    )
    points = _number(
        _("How many points has each person?"), 1, 1_000,
        hint=_("Only where people share points."), needed=False,
    )  # fmt: skip
    count_rule = _one_of(_("How are the votes counted?"), RULES)
    publication = _one_of(_("What is published after the count?"), PUBLISHED)
    secrecy = _one_of(_("Who opens the box of sealed ballots?"), OPENED, needed=False)
    secrecy_reason = forms.CharField(
        label=_("If it is the server: why? Everybody can read it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages are ballots and letters?"),
        choices=SPOKEN,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, place: Place, **options: Any) -> None:
        super().__init__(*args, **options)
        self.room_maximum = room_maximum(place, timezone.localdate())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("size") == RoundSize.ROOM:
            given |= {
                "vote_type": VoteType.APPROVAL,
                "count_rule": GREEDY,
                "publication": Publication.AGGREGATE,
                "secrecy": Secrecy.ROOM,
            }
        if given.get("vote_type") != VoteType.CUMULATIVE:
            given["points"] = None
        if self.errors:
            return given
        for fault in faults(
            self.asking(),
            budget_pence=given["pot"],
            vote_type=given["vote_type"],
            rule_name=given["count_rule"],
            room_maximum=self.room_maximum,
        ):
            self.add_error(_BOXES.get(fault.field, fault.field), fault.sentence)
        return given

    def asking(self) -> Asking:
        """The Terms that were filled in."""
        given = self.cleaned_data
        return Asking(
            **{name: given[name] for name in _AS_TYPED},
            opens_at=moment(given["opens_on"], given["opens_time"]),
            closes_at=moment(given["closes_on"], given["closes_time"]),
        )


_AS_TYPED = (
    "size", "ideas_from", "ideas_until", "checked_by", "minimum_age", "publication",
    "expected_voters", "grounds", "minimum_choices", "encouraged_choices", "maximum_choices",
    "points", "secrecy", "secrecy_reason", "languages",
)  # fmt: skip
_BOXES = {"opens_at": "opens_on", "closes_at": "closes_on"}


def as_filled(round_: Round, terms: Terms) -> dict[str, Any]:
    """What a draft says now, as DraftForm shows it."""
    opens, closes = timezone.localtime(terms.opens_at), timezone.localtime(terms.closes_at)
    filled = {name: getattr(terms, name) for name in _AS_TYPED}
    return filled | {
        "title": round_.title.text,
        "pot": round_.budget_pence,
        "vote_type": round_.vote_type,
        "count_rule": round_.rule["name"],
        "secrecy_reason": terms.secrecy_reason.text if terms.secrecy_reason else "",
        "opens_on": opens.date(),
        "opens_time": opens.time(),
        "closes_on": closes.date(),
        "closes_time": closes.time(),
    }


class ReasonForm(_Teaching):
    """Why something is called off, in words that everybody can read."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody can read it. Name no person."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WithdrawForm(ReasonForm):
    """Which idea is taken off the ballot, and why."""

    project = forms.ChoiceField(label=_("Which idea?"), widget=forms.RadioSelect)

    field_order = ("project", "reason")

    def __init__(self, *args: Any, projects: Mapping[str, Project], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["project"].choices = [  # type: ignore[attr-defined]
            (code, project.name.text or code) for code, project in projects.items()
        ]


class TallyForm(_Teaching):
    """What one person counted in the room, line by line as on the signed sheet."""

    how = _one_of(_("How did people choose?"), Tally.How.choices)
    voters = _number(_("How many people took part?"), 1, MOST_VOTERS)

    def __init__(self, *args: Any, projects: Mapping[str, Project], **options: Any) -> None:
        super().__init__(*args, **options)
        # Numbered, not named by code: a code may hold what no HTML name should.
        self.lines = {f"idea_{place}": code for place, code in enumerate(projects, start=1)}
        for name, code in self.lines.items():
            label = projects[code].name.text or code
            self.fields[name] = _number(label, 0, MOST_VOTERS)
            teach(self.fields[name])
        self.fields["photo"] = UploadField(
            label=_("Photo of the sheet that both of you signed"),
            pictures_only=True,
            required=False,
            help_text=_("The sheet only, no faces. One of you adds it, as JPEG, PNG or WebP."),
        )
        self.fields["show"] = forms.BooleanField(
            label=_("Everybody may see the photo"), required=False
        )

    def counted(self) -> Counted:
        given = self.cleaned_data
        votes = {code: given[name] for name, code in self.lines.items()}
        return Counted(given["how"], given["voters"], votes)

    def show(self, counted: Counted) -> None:
        """Begin with what the same person entered before."""
        numbers = {name: counted.votes[code] for name, code in self.lines.items()}
        self.initial = {"how": counted.how, "voters": counted.voters, **numbers}


def room_maximum(place: Place, on: date) -> int:
    """The largest pot, in pence, that a vote in one room may decide about."""
    return int(rulebook("round.room_pot_maximum", on, place.slug).value)
