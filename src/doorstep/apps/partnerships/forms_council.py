"""What people fill in about an agreement with the council."""

from django import forms
from django.utils.translation import gettext_lazy

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.forms import DayField, WordsField
from doorstep.apps.partnerships.models import CouncilDuty, CouncilSide
from doorstep.apps.partnerships.rules import council as rules
from doorstep.apps.promises.rules import LONGEST_REASON


class BeginForm(forms.Form):
    council = forms.ModelChoiceField(
        label=gettext_lazy("With which council"),
        queryset=Organisation.objects.filter(kind=Organisation.Kind.COUNCIL).order_by("name"),
    )


class DutyForm(forms.Form):
    side = forms.ChoiceField(
        label=gettext_lazy("Who owes it"), choices=CouncilSide.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("What is owed"), max_length=rules.LONGEST_DUTY,
        help_text=gettext_lazy("Everybody can read it. Please name nobody."),
    )  # fmt: skip
    every = forms.TypedChoiceField(
        label=gettext_lazy("How often"), choices=CouncilDuty.Every.choices, coerce=int
    )
    first_on = DayField(label=gettext_lazy("Due for the first time on"))

    def duty(self) -> rules.DraftDuty:
        given = self.cleaned_data
        return rules.DraftDuty(
            given["side"], given["words"], given["every"], given["first_on"].isoformat()
        )


class EndForm(forms.Form):
    reason = WordsField(LONGEST_REASON, label=gettext_lazy("Why it ends"))
