"""What people type when they look for a place. Both forms are sent by GET and take anything."""

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.places.rules import LONGEST_ASKED


def asked_for(text: str) -> str:
    """What was typed, without the characters that no keyboard types, at a length worth reading."""
    return "".join(c for c in text[: 2 * LONGEST_ASKED] if c.isprintable()).strip()[:LONGEST_ASKED]


class StreetForm(forms.Form):
    q = forms.CharField(
        label=_("Street or postcode"),
        help_text=_("For example Mill Lane, or ZA1 1AJ. The start of it is enough."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class PlaceForm(forms.Form):
    q = forms.CharField(label=_("Name of a neighbourhood or council"), required=False)
