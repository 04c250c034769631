"""What people fill in about promises: a new one, a later day, a reason, a bank holiday."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Role
from doorstep.apps.people.rules import role_name
from doorstep.apps.promises.actions.holidays import LONGEST_NAME
from doorstep.apps.promises.rules import LONGEST_REASON
from doorstep.engine.rulebook import NATIONS

OWING = (
    Role.Kind.PARTNERSHIP_MEMBER,
    Role.Kind.WORKER,
    Role.Kind.COUNCIL_OFFICER,
    Role.Kind.FINANCE_OFFICER,
    Role.Kind.FUNDER,
)
NATION_NAMES = {
    "ENG": _("England"),
    "WLS": _("Wales"),
    "SCT": _("Scotland"),
    "NIR": _("Northern Ireland"),
}


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WordsField(forms.CharField):
    """One line or a few of plain words that everybody may read."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Everybody can read it. Please name nobody."))
        super().__init__(
            max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}), **options
        )


class ReasonForm(forms.Form):
    reason = WordsField(label=_("Why it is not done"))


class ExtendForm(forms.Form):
    until = DayField(label=_("Put it off to"))
    reason = WordsField(label=_("Why it takes longer"))


class PromiseForm(forms.Form):
    """A promise in somebody's own words, such as a duty of an agreement."""

    what = WordsField(label=_("What is promised?"))
    role = forms.ChoiceField(label=_("Which role owes it?"), required=False)
    organisation = forms.ModelChoiceField(
        label=_("Or which organisation?"),
        queryset=Organisation.objects.order_by("name", "slug"),
        required=False,
        empty_label=_("No organisation: a role owes it"),
    )
    working_days = forms.IntegerField(
        label=_("Within how many working days?"), min_value=1, max_value=250, required=False
    )
    day = DayField(label=_("Or by which day?"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", _("No role: an organisation owes it")),
            *((kind.value, role_name(kind)) for kind in OWING),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("role")) == bool(given.get("organisation")):
            raise forms.ValidationError(_("Name a role or an organisation, one of the two."))
        if bool(given.get("working_days")) == bool(given.get("day")):
            raise forms.ValidationError(_("Give working days or a day, one of the two."))
        return given


class HolidayForm(forms.Form):
    day = DayField(label=_("Which day?"))
    name = forms.CharField(label=_("What is it called?"), max_length=LONGEST_NAME)
    nations = forms.MultipleChoiceField(
        label=_("Where is it a bank holiday?"),
        choices=[(nation, NATION_NAMES[nation]) for nation in NATIONS],
        widget=forms.CheckboxSelectMultiple,
        initial=list(NATIONS),
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not 2020 <= day.year <= 2100:
            raise forms.ValidationError(_("Give a day between 2020 and 2100."))
        return day
