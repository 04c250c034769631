"""What people fill in about meetings: when and where, an item, who is there, how it was decided."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.files.forms import UploadField
from doorstep.apps.ledger.forms import PoundsField
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions.meetings import NewItem
from doorstep.apps.partnerships.models import (
    AgendaItem,
    Interest,
    Meeting,
    Membership,
    Method,
)
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.people.rules import role_name
from doorstep.apps.promises.rules import LONGEST_REASON
from doorstep.apps.record.actions import MAX_WORDS


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WordsField(forms.CharField):
    """A few lines of plain words that everybody may read."""

    def __init__(self, most: int = rules.LONGEST_NOTE, rows: int = 3, **options: Any) -> None:
        options.setdefault("help_text", gettext_lazy("Everybody can read it. Please name nobody."))
        super().__init__(max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


class WhenForm(forms.Form):
    """When and where: `meets_at` is put together from day and time, as clocks show it here."""

    day = DayField(label=gettext_lazy("Which day"))
    time = forms.TimeField(
        label=gettext_lazy("At what time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    where = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=200,
        help_text=gettext_lazy("A hall, a room, or how to join from home."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("day") and given.get("time"):
            at = datetime.combine(given["day"], given["time"])
            try:
                given["meets_at"] = timezone.make_aware(at)
            except (OverflowError, ValueError):
                self.add_error("day", _("Give the day on which you will meet."))
        return given


class CallForm(WhenForm):
    field_order = ("kind", "day", "time", "where", "minutes", "carry", "short_notice")
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of meeting"),
        choices=Meeting.Kind.choices,
        widget=forms.RadioSelect,
    )
    minutes = forms.BooleanField(required=False)
    carry = forms.BooleanField(required=False)
    short_notice = WordsField(
        label=gettext_lazy("If there is less notice than the rule asks for: why it cannot wait"),
        required=False,
    )

    def __init__(
        self, *args: Any, last: Meeting | None = None, left: int = 0, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if last is None:
            del self.fields["minutes"]
        else:
            self.fields["minutes"].label = _("Agree the minutes of meeting %(number)s") % {
                "number": last.number
            }
        if not left:
            del self.fields["carry"]
        else:
            self.fields["carry"].label = _("Take over what the last meeting left: %(left)s") % {
                "left": left
            }


class ItemForm(forms.Form):
    """One more item. What only some kinds need may be left empty by the others."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it is for"),
        choices=[c for c in AgendaItem.Kind.choices if c[0] != AgendaItem.Kind.MINUTES],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=rules.LONGEST_TITLE,
        help_text=gettext_lazy("Everybody can read it. Please name nobody."),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Who could be paid by it"),
        queryset=Organisation.objects.order_by("name", "slug"),
        required=False,
        empty_label=gettext_lazy("Nobody, or not known yet"),
        help_text=gettext_lazy("Members with a tie to it stay out of the item."),
    )
    pence = PoundsField(
        label=gettext_lazy("Up to how much, where it gives money or sets a limit"), required=False
    )
    holder = forms.ChoiceField(
        label=gettext_lazy("A limit: who may decide small sums"), required=False
    )
    month_pence = PoundsField(
        label=gettext_lazy("A limit: up to how much a month"), required=False, help_text=""
    )
    since = DayField(label=gettext_lazy("A limit: from which day"), required=False)
    until = DayField(label=gettext_lazy("A limit: the first day without it"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        holder = self.fields["holder"]
        assert isinstance(holder, forms.ChoiceField)
        holder.choices = [("", _("No limit is set"))] + [
            (role, role_name(role)) for role in rules.MAY_HOLD
        ]

    def item(self) -> NewItem:
        """The item that was typed; what its kind does not need is left out."""
        given = self.cleaned_data
        kind, terms = given["kind"], {}
        if kind == AgendaItem.Kind.LIMIT:
            terms = {
                "holder": given["holder"],
                "month_pence": given["month_pence"],
                "since": given["since"].isoformat() if given["since"] else "",
                "until": given["until"].isoformat() if given["until"] else "",
            }
        wants_money = kind in (AgendaItem.Kind.MONEY, AgendaItem.Kind.LIMIT)
        return NewItem(
            kind, given["title"], given["organisation"], given["pence"] if wants_money else None,
            terms,
        )  # fmt: skip


class PaperForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What it is"), max_length=rules.LONGEST_TITLE)
    file = UploadField(label=gettext_lazy("The paper"))


class DeclareForm(forms.Form):
    """A member has an interest in one item, or in all of the meeting."""

    membership = forms.ChoiceField(label=gettext_lazy("Whose interest"))
    item = forms.ChoiceField(label=gettext_lazy("In what"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind"), choices=Interest.Kind.choices, widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, seats: Iterable[Membership], items: Iterable[AgendaItem], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, choices in (
            ("membership", [(str(seat.pk), seat.called) for seat in seats]),
            (
                "item",
                [
                    ("", _("All of the meeting")),
                    *((str(one.number), f"{one.number}. {one.title.text}") for one in items),
                ],
            ),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


PRESENCE = (
    (rules.HERE, gettext_lazy("here, and takes part")),
    ("direct", gettext_lazy("here, stays out: could be paid")),
    ("indirect", gettext_lazy("here, stays out: somebody close could be paid")),
    ("loyalty", gettext_lazy("here, stays out: belongs to whom it is about")),
    (rules.AWAY, gettext_lazy("not here")),
)
COUNT: dict[str, Any] = {"min_value": 0, "max_value": 999, "required": False}


class DecideForm(forms.Form):
    """Who is in the room at an item, and what they came to."""

    method = forms.ChoiceField(
        label=gettext_lazy("How was it decided?"),
        choices=[choice for choice in Method.choices if choice[0] != Method.NONE],
        widget=forms.RadioSelect,
        required=False,
    )
    in_favour = forms.IntegerField(label=gettext_lazy("In favour"), **COUNT)
    against = forms.IntegerField(label=gettext_lazy("Against"), **COUNT)
    abstained = forms.IntegerField(label=gettext_lazy("Abstained"), **COUNT)
    chair = forms.ChoiceField(label=gettext_lazy("Who holds the chair?"), required=False)
    note = WordsField(
        label=gettext_lazy("What was said, for the minutes"),
        required=False,
        help_text=gettext_lazy(
            "Members read it, and it is put into the draft of the minutes. Please name nobody."
        ),
    )

    def __init__(
        self,
        *args: Any,
        item: AgendaItem,
        seats: list[Membership],
        must: Mapping[int, set[str]],
        before: Mapping[int, str],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.seats = seats
        for seat in seats:
            known = rules.strongest(must.get(seat.pk, ()))
            said = before.get(seat.pk, rules.HERE if not before else rules.AWAY)
            self.fields[f"seat_{seat.pk}"] = forms.ChoiceField(
                label=_("%(name)s, lives here") % {"name": seat.called}
                if seat.lives_here
                else _("%(name)s, lives elsewhere") % {"name": seat.called},
                choices=[c for c in PRESENCE if not (known and c[0] == rules.HERE)],
                initial=known if known and said != rules.AWAY else said,
                help_text=_("An interest is declared.") if known else "",
            )
        chair = self.fields["chair"]
        assert isinstance(chair, forms.ChoiceField)
        chair.choices = [("", _("Nobody yet"))] + [(str(s.pk), s.called) for s in seats]
        if seats and not must.get(seats[0].pk):
            chair.initial = str(seats[0].pk)
        if not item.needs_a_vote:
            for name in ("method", "in_favour", "against", "abstained"):
                del self.fields[name]
        self.order_fields([*(f"seat_{seat.pk}" for seat in seats), "chair"])

    @property
    def room(self) -> list[forms.BoundField]:
        return [self[f"seat_{seat.pk}"] for seat in self.seats]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("seat_")]

    def said(self) -> dict[int, str]:
        return {seat.pk: self.cleaned_data[f"seat_{seat.pk}"] for seat in self.seats}

    def votes(self) -> rules.Votes:
        given = self.cleaned_data
        return rules.Votes(
            *(given.get(name) or 0 for name in ("in_favour", "against", "abstained"))
        )

    def in_the_chair(self) -> Membership | None:
        wanted = self.cleaned_data.get("chair")
        return next((seat for seat in self.seats if str(seat.pk) == wanted), None)


class CancelForm(forms.Form):
    reason = WordsField(LONGEST_REASON, label=gettext_lazy("Why it is called off"))


class AdjournForm(WhenForm):
    reason = WordsField(LONGEST_REASON, label=gettext_lazy("Why it is broken off"))


class MinutesForm(forms.Form):
    text = WordsField(
        most=MAX_WORDS,
        rows=18,
        label=gettext_lazy("Minutes"),
        help_text=gettext_lazy(
            "Members read them now, everybody once a meeting agreed them. Write roles, not names."
        ),
    )
