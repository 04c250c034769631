"""What people fill in around awards and payments."""

import secrets
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.models import (
    Application,
    AwardKind,
    Confirmation,
    Declared,
    HeldFrom,
    PayeeKind,
)
from doorstep.apps.ledger.forms import PoundsField
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.models import AgendaItem, ItemDecision
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place

MOST_INSTALMENTS = 4


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


class ChangeForm(BankForm):
    """The same on a group's passport, with how many of its people sign together."""

    signatures = forms.IntegerField(
        label=_("How many people sign together for this account?"),
        help_text=_("Two or more is safer: nobody can empty it alone."),
        min_value=1,
        max_value=5,
        initial=2,
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


def _sum_and_name(one: Application) -> str:
    return f"{pounds(one.pence)}: {one.title}"


class FromMeetingForm(forms.Form):
    """Which meeting decided on what somebody applied for. Sum and payee are those of its agenda."""

    application = forms.ModelChoiceField(
        label=_("What somebody applied for"), queryset=Application.objects.none()
    )
    decision = forms.ModelChoiceField(
        label=_("By which decision of a meeting"), queryset=ItemDecision.objects.none(),
        widget=forms.RadioSelect, empty_label=None,
    )  # fmt: skip

    def __init__(
        self, *args: Any, place: Place, decided: QuerySet[ItemDecision], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        choices, decision = self.fields["application"], self.fields["decision"]
        assert isinstance(choices, forms.ModelChoiceField)
        assert isinstance(decision, forms.ModelChoiceField)
        choices.queryset = Application.objects.filter(
            place=place, state=Application.State.SENT
        ).exclude(kind=AwardKind.QUICK)
        choices.label_from_instance = _sum_and_name  # type: ignore[assignment,method-assign]
        decision.queryset = decided.filter(item__kind=AgendaItem.Kind.MONEY)
        decision.label_from_instance = _meeting_and_sum  # type: ignore[assignment,method-assign]


def _meeting_and_sum(made: ItemDecision) -> str:
    return gettext("Meeting %(meeting)s, %(day)s: %(sum)s for “%(name)s”") % {
        "meeting": made.item.meeting.number,
        "day": said_day(made.decided_on),
        "sum": pounds(int(made.item.pence or 0)),
        "name": made.item.title.text or "",
    }


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
