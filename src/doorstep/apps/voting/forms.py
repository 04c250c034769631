"""What workers fill in about codes."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.people.models import Account
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.actions.printing import MOST_CODES
from doorstep.apps.voting.models import Channel

PRINTERS = ("worker", "partnership_member")


class PlanForm(forms.Form):
    channel = forms.ChoiceField(label=_("How people get them"), choices=Channel.choices)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_CODES)
    area = forms.CharField(
        label=_("Streets or area"),
        required=False,
        max_length=60,
        help_text=_("Empty means the whole place. It stands in the public record."),
    )


class AddressForm(forms.Form):
    addresses = forms.FileField(
        label=_("List of addresses, as CSV"),
        help_text=_(
            "One letter a line; each column is a line of the address. No names are needed: “The "
            "residents” will do. Only the desk sees the list, and it is destroyed after the count."
        ),
    )


class PrintForm(forms.Form):
    """Names the second person. `run` makes the form good for one print only."""

    run = forms.IntegerField(widget=forms.HiddenInput)
    beside = forms.ModelChoiceField(
        label=_("Who is beside you"), queryset=Account.objects.none(), empty_label=_("Choose")
    )

    def __init__(
        self, *args: Any, round_: Round, me: Account, on: date, number: int, **kwargs: Any
    ) -> None:
        kwargs["prefix"] = f"run{number}"
        super().__init__(*args, **kwargs)
        field = self.fields["beside"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (
            Account.objects.filter(
                Q(roles__until=None) | Q(roles__until__gt=on),
                roles__kind__in=PRINTERS,
                roles__place=round_.place_id,
                roles__since__lte=on,
            )
            .exclude(pk=me.pk)
            .distinct()
            .order_by("email")
        )
