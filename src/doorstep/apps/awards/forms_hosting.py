"""What people fill in about organisations that hold a place's money."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.awards.actions.hosting import MOST_PARTS
from doorstep.apps.awards.forms import DayField
from doorstep.apps.awards.models import Funding, Move, SpendReport
from doorstep.apps.ledger.forms import PoundsField
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.models import HostAgreement

# A reason that stands in the record.
in_public = partial(
    forms.CharField, max_length=500, help_text=_("Everybody can read it. No names.")
)


class PickField(forms.ChoiceField):
    """One of some rows that the page has read already, so that no list asks for them again."""

    def __init__(self, *, empty: Any = "", **options: Any) -> None:
        super().__init__(**options)
        self.empty, self.rows = empty, dict[str, Any]()

    def offer(self, rows: Iterable[Any], called: Callable[[Any], str]) -> None:
        self.rows = {str(one.pk): one for one in rows}
        self.choices = [
            ("", self.empty or "–"), *((pk, called(one)) for pk, one in self.rows.items())
        ]  # fmt: skip

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value) or "")


def _offer(form: forms.Form, name: str, rows: Iterable[Any], called: Callable[[Any], str]) -> None:
    field = form.fields[name]
    assert isinstance(field, PickField)
    field.offer(rows, called)


def _body(one: Funding) -> str:
    return one.host.organisation.name


class ChooseHostForm(forms.Form):
    organisation = PickField(label=_("Which organisation?"))

    def __init__(self, *args: Any, bodies: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "organisation", bodies, lambda one: one.name)


class DraftForm(forms.Form):
    """A schedule of even parts, the last with the odd pennies."""

    host = PickField(label=_("With which organisation?"))
    takes_over = PickField(
        label=_("Does it take over from another agreement?"), required=False,
        empty=_("No, it stands beside it"),
        help_text=_("Then its parts come to exactly what is still to come of that one."),
    )  # fmt: skip
    pence = PoundsField(label=_("How much in all?"))
    parts = forms.IntegerField(label=_("In how many parts?"), min_value=1, max_value=MOST_PARTS)
    first_on = DayField(label=_("The first on which day?"))
    months = forms.IntegerField(
        label=_("How many months between two parts?"), min_value=1, max_value=12, initial=6
    )

    def __init__(
        self,
        *args: Any,
        hosts: Iterable[HostAgreement],
        former: Iterable[Funding],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        _offer(self, "host", hosts, lambda one: one.organisation.name)
        _offer(self, "takes_over", former, lambda one: f"{_body(one)} ({one.drafted_on})")

    def schedule(self) -> list[tuple[int, date]]:
        """[(pence, day)]; the parts come to the sum."""
        said = self.cleaned_data
        each, rest = divmod(said["pence"], said["parts"])
        days = [months_on(said["first_on"], said["months"] * n) for n in range(said["parts"])]
        return [(each + (rest if n == len(days) - 1 else 0), day) for n, day in enumerate(days)]


class AskPartForm(forms.Form):
    report = PickField(
        label=_("By which spend report?"), required=False,
        empty=_("No report: it is the first part, or a bridging part"),
    )  # fmt: skip

    def __init__(self, *args: Any, reports: Iterable[SpendReport], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "report", reports, lambda one: f"{one.number} ({one.until})")


class ReportForm(forms.Form):
    at_bank_pence = PoundsField(
        label=_("How much of this money stands in your bank account?"), or_nothing=True
    )
    words = forms.CharField(
        label=_("What was it spent on, and what changed?"), max_length=2000,
        help_text=_("Everybody can read it. No names."), widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class BridgingForm(forms.Form):
    pence = PoundsField(label=_("How much is needed before the next part?"))
    due_on = DayField(label=_("On which day?"))
    why = forms.CharField(
        label=_("Why can it not wait?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody can read it. No names."),
    )  # fmt: skip


class SendBackForm(forms.Form):
    release = PickField(label=_("Which part goes back?"))
    pence = PoundsField(label=_("How much of it?"))
    reason = in_public(label=_("Why?"))

    def __init__(self, *args: Any, releases: Iterable[Move], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "release", releases, _part_and_day)


def _part_and_day(one: Move) -> str:
    return f"{one.part.number if one.part else ''} ({one.said_on})"


class PassOnForm(forms.Form):
    to = PickField(label=_("To which organisation?"))
    pence = PoundsField(label=_("How much?"))
    reason = in_public(label=_("Why?"))

    def __init__(self, *args: Any, others: Iterable[Funding], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "to", others, _body)


class DeclineForm(forms.Form):
    reason = in_public(label=_("Why not?"))


class WithdrawForm(forms.Form):
    reason = in_public(label=_("Why?"))


def months_on(day: date, months: int) -> date:
    """The same day so many months on; the last of a month that is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        if last > day.day:
            continue
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
