"""What people fill in around quick money."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.forms import DayField
from doorstep.apps.awards.models import Found, SayKind
from doorstep.apps.ledger.forms import PoundsField
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account


class AskQuickForm(forms.Form):
    once = forms.CharField(widget=forms.HiddenInput, max_length=32)
    title = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A few words for the list, such as “Paint for the bus shelter”."),
        max_length=200,
    )
    pence = PoundsField(label=_("How much?"))
    purpose = forms.CharField(
        label=_("Who, when, and why now?"),
        help_text=_("Once it is given the street can read this. No names."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    organisation = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("None: for myself, paid back what I spend"),
    )
    invoice = forms.CharField(
        label=_("Number on the invoice or receipt"),
        help_text=_("If it has none, the shop and the day, such as “Tools4U 3 May”."),
        max_length=rules.LONGEST_INVOICE,
    )
    lives_with = forms.EmailField(
        label=_("Does a member of the partnership live with you? Their email address"),
        help_text=_("Then they stay out of it. Leave it empty if nobody does."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    field_order = ["title", "pence", "purpose", "organisation", "invoice", "lives_with", "once"]

    def __init__(self, *args: Any, bodies: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        mine = Organisation.objects.filter(pk__in=[one.pk for one in bodies]).order_by("name")
        self.fields["organisation"].queryset = mine  # type: ignore[attr-defined]

    def clean_lives_with(self) -> Account | None:
        """Who it is. An address that nobody signs in with is no member's, so nothing follows."""
        typed = self.cleaned_data["lives_with"].strip().lower()
        return Account.objects.filter(email=typed).first() if typed else None


class SayForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What do you say?"), choices=SayKind.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("If no: why? Whoever asked reads it."), max_length=500, required=False
    )


class ReviewForm(forms.Form):
    met_on = DayField(label=_("On which day did the meeting look at it?"))
    found = forms.ChoiceField(
        label=_("What did it find?"), choices=Found.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In a sentence"), help_text=_("The street can read this. No names."), max_length=500
    )
