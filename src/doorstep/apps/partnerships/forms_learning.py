"""What whoever keeps the partnership's books fills in about what members learned."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions.learning import Given
from doorstep.apps.partnerships.forms import DayField, WordsField
from doorstep.apps.partnerships.models import (
    DoneBefore,
    Duty,
    LearningEntry,
    LearningKind,
    PlanLine,
    SupportKind,
)
from doorstep.apps.partnerships.models.learning import MOST_MEMBERS, MOST_MINUTES
from doorstep.apps.partnerships.rules.meetings import LONGEST_TITLE
from doorstep.apps.people.spells import said_day
from doorstep.apps.promises.rules import LONGEST_REASON

NAME_NOBODY = gettext_lazy("Everybody can read it. Please name nobody.")


class HoursField(forms.DecimalField):
    """Hours as people say them, "1.5"; `minutes_of` gives whole minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=Decimal("0.25"), max_value=Decimal(MOST_MINUTES) / 60, max_digits=6,
            decimal_places=2, step_size=Decimal("0.25"),
            help_text=gettext_lazy("In quarters, such as 0.25, 1.5 or 3."), **options,
        )  # fmt: skip


def minutes_of(hours: Decimal) -> int:
    return int(hours * 60)


class TodayForm(forms.Form):
    """Each form of the page has ids of its own, and most of what is written down was today."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"day": timezone.localdate()}, **options})


class GivenForm(TodayForm):
    """From whom it came, and which line of the plan paid."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("By which organisation"),
        queryset=Organisation.objects.order_by("name", "slug"),
        required=False,
        empty_label=gettext_lazy("Not in this list"),
    )
    given_by = forms.CharField(
        label=gettext_lazy("Or by whom, in words"), max_length=LONGEST_TITLE, required=False,
        help_text=NAME_NOBODY,
    )  # fmt: skip
    line = forms.ChoiceField(label=gettext_lazy("Paid by a line of the plan"), required=False)

    def __init__(self, *args: Any, lines: Iterable[PlanLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = {str(one.pk): one for one in lines}
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("By none"))] + [
            (key, f"{one.plan.number}.{one.number} {one.title.text or _('(words erased)')}")
            for key, one in self.lines.items()
        ]
        if not self.lines:
            del self.fields["line"]

    def given(self) -> Given:
        typed = self.cleaned_data
        return Given(
            typed["given_by"], typed["organisation"], self.lines.get(typed.get("line") or "")
        )


class TrainingForm(GivenForm):
    field_order = ("what", "day", "hours", "members", "organisation", "given_by", "line")
    what = forms.CharField(
        label=gettext_lazy("What the training was"), max_length=LONGEST_TITLE,
        help_text=NAME_NOBODY,
    )  # fmt: skip
    day = DayField(label=gettext_lazy("On which day"))
    hours = HoursField(label=gettext_lazy("How many hours"))
    members = forms.IntegerField(
        label=gettext_lazy("How many members took part"), min_value=1, max_value=MOST_MEMBERS
    )


class SupportForm(GivenForm):
    field_order = ("kind", "day", "hours", "organisation", "given_by", "line")
    kind = forms.ChoiceField(
        label=gettext_lazy("Who helped"), choices=SupportKind.choices, widget=forms.RadioSelect
    )
    day = DayField(label=gettext_lazy("On which day"))
    hours = HoursField(label=gettext_lazy("How many hours"))


class DutyForm(TodayForm):
    duty = forms.ChoiceField(label=gettext_lazy("Which duty"), choices=Duty.choices)
    which = forms.CharField(
        label=gettext_lazy("If it is something else: what"), max_length=LONGEST_TITLE,
        required=False, help_text=NAME_NOBODY,
    )  # fmt: skip
    before = forms.ChoiceField(
        label=gettext_lazy("Who did it before"), choices=DoneBefore.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    day = DayField(label=gettext_lazy("Since which day members do it themselves"))


class EntryForm(TodayForm):
    """One of the entries, and why."""

    entry = forms.ChoiceField()
    reason = WordsField(LONGEST_REASON, label=gettext_lazy("Why"))

    def __init__(self, *args: Any, entries: Iterable[LearningEntry], **options: Any) -> None:
        super().__init__(*args, **options)
        self.entries = {str(one.number): one for one in entries}
        field = self.fields["entry"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, called(one)) for key, one in self.entries.items()]

    def chosen(self) -> LearningEntry:
        return self.entries[self.cleaned_data["entry"]]


class GiveBackForm(EntryForm):
    field_order = ("entry", "day", "reason")
    day = DayField(label=gettext_lazy("Since which day members no longer do it"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["entry"].label = _("Which duty")


class WithdrawForm(EntryForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["entry"].label = _("Which entry")


def called(entry: LearningEntry) -> str:
    """An entry in one line, for whoever chooses among them."""
    about = entry.returns if entry.kind == LearningKind.GIVEN_BACK and entry.returns else entry
    said = about.words.text if about.words else about.what_said
    return f"{entry.number}. {said_day(entry.on)}, {entry.get_kind_display()}: " + capfirst(
        said or _("(words erased)")
    )
