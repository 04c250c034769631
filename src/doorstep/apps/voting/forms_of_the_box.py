"""Forms of trustees, papers and the box."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor
from doorstep.apps.voting.models import Print
from doorstep.apps.voting.models.paper import SHEETS_AT_MOST

LANGUAGES = {"en": _("English"), "cy": _("Welsh")}


MOST_BYTES_OF_A_COUNT = 20 << 20


class TrusteesForm(forms.Form):
    """Three people: the name the street will read, and the address they sign in with."""

    name_1 = forms.CharField(label=_("Name of the first trustee"), max_length=100)
    email_1 = forms.EmailField(label=_("E-mail address of the first trustee"), max_length=254)
    name_2 = forms.CharField(label=_("Name of the second trustee"), max_length=100)
    email_2 = forms.EmailField(label=_("E-mail address of the second trustee"), max_length=254)
    name_3 = forms.CharField(label=_("Name of the third trustee"), max_length=100)
    email_3 = forms.EmailField(label=_("E-mail address of the third trustee"), max_length=254)
    apart = forms.BooleanField(
        label=_("No two of them live in one household, and all three agreed to be named"),
        required=False,
    )

    def people(self, *, actor: Actor) -> list[tuple[Account, str]]:
        """(account, name) of the three, with an account opened for whoever has none."""
        said = self.cleaned_data
        return [
            (_account(said[f"email_{number}"], actor), said[f"name_{number}"])
            for number in (1, 2, 3)
        ]


def _account(email: str, actor: Actor) -> Account:
    found = Account.objects.filter(email__iexact=email.strip()).first()
    return found or open_account(email, actor=actor)


class StackForm(forms.Form):
    """What to print."""

    sheets = forms.IntegerField(
        label=_("How many papers"), min_value=1, max_value=SHEETS_AT_MOST, initial=50
    )
    look = forms.ChoiceField(label=_("What kind"), choices=Print.choices)
    language = forms.ChoiceField(label=_("In which language"))

    def __init__(self, *args: Any, languages: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = [(code, LANGUAGES[code]) for code in languages]
        self.fields["language"].choices = chosen  # type: ignore[attr-defined]


class KeyingForm(forms.Form):
    """One whole ballot, keyed without lifting a hand from the keyboard."""

    number = forms.IntegerField(label=_("Number of the paper"), min_value=1, max_value=9999)
    marks = forms.CharField(label=_("Ideas"), max_length=2000, required=False)
    tracker = forms.CharField(label=_("Tracker: four words and two figures"), max_length=100)
    spoilt = forms.BooleanField(
        label=_("Spoilt: nobody can tell what this voter wanted"), required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, field in self.fields.items():
            if name != "spoilt":
                field.widget.attrs["autocomplete"] = "off"
        self.fields["number"].widget.attrs["class"] = "short"


class StackCountForm(forms.Form):
    returned = forms.IntegerField(
        label=_("How many papers of this stack came back"), min_value=0, max_value=SHEETS_AT_MOST
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["returned"].widget.attrs["class"] = "short"


class RecountForm(forms.Form):
    outcome = forms.FileField(label=_("The file that the count wrote (JSON)"))

    def clean_outcome(self) -> UploadedFile:
        outcome: UploadedFile = self.cleaned_data["outcome"]
        if (outcome.size or 0) > MOST_BYTES_OF_A_COUNT:
            raise forms.ValidationError(
                _("That file is larger than a count is. Choose the JSON file that the count wrote.")
            )
        return outcome
