"""What people fill in around awards and payments."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.models import (
    AwardKind,
    Confirmation,
    DecisionKind,
    Declared,
    HeldFrom,
    PayeeKind,
)
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import role_name
from doorstep.apps.refused import Refused

MOST_INSTALMENTS = 4


class PoundsField(forms.CharField):
    """A sum as people type it; the form gets pence."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("In pounds, such as 120 or 120.50."))
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=20, **options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return rules.read_pounds(typed)
        except Refused as refused:
            raise forms.ValidationError(refused.reason, code=refused.code) from None


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PayeeMixin(forms.Form):
    """Who is paid: an organisation from the list, or a person by the address they sign in with."""

    payee_kind = forms.ChoiceField(
        label=_("How is it paid?"), choices=PayeeKind.choices, widget=forms.RadioSelect
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.order_by("name", "slug"),
        required=False,
        empty_label=_("No organisation: it is a person"),
    )
    person = forms.EmailField(
        label=_("Or a person: their email address"),
        help_text=_("The address they sign in with. It is shown to nobody else."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("organisation")) == bool(given.get("person")):
            raise forms.ValidationError(_("Name an organisation or a person, one of the two."))
        given["payee"] = given.get("organisation")
        if given.get("person"):
            given["payee"] = Account.objects.filter(email=given["person"].strip().lower()).first()
            if given["payee"] is None:
                self.add_error(
                    "person",
                    _("Nobody signs in with this address. Ask them to open an account first."),
                )
        return given


class AgreementForm(PayeeMixin):
    purpose = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A sentence or two that the street can read. No names of people."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(1, MOST_INSTALMENTS + 1):
            self.fields[f"part_{number}"] = PoundsField(
                label=_("Part %(n)s: sum") % {"n": number}, required=False, help_text=""
            )
            self.fields[f"day_{number}"] = DayField(
                label=_("Part %(n)s: paid from") % {"n": number}, required=False
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["instalments"] = []
        for number in range(1, MOST_INSTALMENTS + 1):
            part, day = given.get(f"part_{number}"), given.get(f"day_{number}")
            if bool(part) != bool(day):
                raise forms.ValidationError(
                    _("Part %(n)s needs both a sum and a day, or neither.") % {"n": number}
                )
            if part:
                given["instalments"].append((part, day))
        return given


class BankForm(forms.Form):
    account_name = forms.CharField(
        label=_("Name on the account"),
        max_length=140,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sort_code = forms.CharField(
        label=_("Sort code"),
        help_text=_("6 figures, such as 01-02-03."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    account_number = forms.CharField(
        label=_("Account number"),
        help_text=_("8 figures. It is sealed at once; pages show the last three."),
        max_length=14,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class CallForm(forms.Form):
    held_from = forms.ChoiceField(
        label=_("Where did you find the number that you called?"),
        help_text=_("Never the number that came with the new details."),
        choices=HeldFrom.choices,
        widget=forms.RadioSelect,
    )
    confirmation = forms.ChoiceField(
        label=_("What did the bank say about the name?"),
        choices=Confirmation.choices,
        widget=forms.RadioSelect,
    )
    confirmed = forms.TypedChoiceField(
        label=_("Are these details right?"),
        choices=[("yes", _("Yes, they confirmed them")), ("no", _("No, or I am not sure"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class PaymentForm(forms.Form):
    invoice = forms.CharField(
        label=_("Number on the invoice or receipt"),
        help_text=_("If it has none, the shop and the day, such as “Tools4U 3 May”."),
        max_length=rules.LONGEST_INVOICE,
    )
    pence = PoundsField(label=_("Sum"))


class InstalmentForm(forms.Form):
    instalment = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DecideForm(forms.Form):
    declared = forms.ChoiceField(
        label=_("Do you have an interest in this?"),
        help_text=_("In the payee, the award, or those who asked for it and approve it."),
        choices=Declared.choices,
        widget=forms.RadioSelect,
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), help_text=_("The street can read this. No names."), max_length=500
    )


def fresh() -> dict[str, str]:
    """What a newly opened form holds: its own key, so that sent twice it acts once."""
    return {"once": secrets.token_hex(8)}


class DecisionForm(forms.Form):
    once = forms.CharField(widget=forms.HiddenInput, max_length=32)
    kind = forms.ChoiceField(
        label=_("What kind of decision is it?"),
        choices=[
            (value, label)
            for value, label in DecisionKind.choices
            if value != DecisionKind.DELEGATION
        ],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("What was decided?"), max_length=200)
    pence = PoundsField(label=_("Up to how much?"))
    decided_on = DayField(label=_("On which day?"))
    voted = forms.IntegerField(label=_("How many members voted?"), min_value=2, max_value=1000)
    recused = forms.IntegerField(
        label=_("How many stayed out because of an interest?"), min_value=0, max_value=1000
    )
    award_kind = forms.ChoiceField(
        label=_("What is asked of whoever gets it?"),
        choices=[
            (AwardKind.PROJECT, _("A project: receipts for what it buys")),
            (AwardKind.UNRESTRICTED, _("Unrestricted: accounts and one page each year")),
        ],
        widget=forms.RadioSelect,
    )


class DelegationForm(forms.Form):
    title = forms.CharField(label=_("What is it for?"), max_length=200)
    holder_role = forms.ChoiceField(label=_("Who holds it?"), widget=forms.RadioSelect)
    pence = PoundsField(label=_("The most of one grant"))
    month_pence = PoundsField(label=_("The most in a month"))
    since = DayField(label=_("From"))
    until = DayField(label=_("Until"), help_text=_("The first day on which it no longer holds."))
    decided_on = DayField(label=_("Decided on"))
    voted = forms.IntegerField(label=_("How many members voted?"), min_value=2, max_value=1000)
    recused = forms.IntegerField(
        label=_("How many stayed out because of an interest?"), min_value=0, max_value=1000
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        holder = self.fields["holder_role"]
        assert isinstance(holder, forms.ChoiceField)
        holder.choices = [(role, role_name(role)) for role in sorted(rules.MAY_RAISE)]


class QuickForm(PayeeMixin):
    once = forms.CharField(widget=forms.HiddenInput, max_length=32)
    title = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A few words for the list, such as “Paint for the bus shelter”."),
        max_length=200,
    )
    purpose = forms.CharField(
        label=_("Why now?"),
        help_text=_("A sentence that the street can read. No names."),
        max_length=500,
    )
    pence = PoundsField(label=_("How much?"))
    invoice = forms.CharField(
        label=_("Number on the invoice or receipt"),
        help_text=_("If it has none, the shop and the day, such as “Tools4U 3 May”."),
        max_length=rules.LONGEST_INVOICE,
    )

    field_order = [
        "title", "pence", "purpose", "payee_kind", "organisation", "person", "invoice", "once",
    ]  # fmt: skip


class AskedForm(forms.Form):
    sum = forms.CharField(
        label=_("How much, in pounds?"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    kind = forms.ChoiceField(
        label=_("What kind?"),
        choices=AwardKind.choices,
        required=False,
    )
