"""What people fill in about a passport."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.files.forms import UploadField
from doorstep.apps.organisations.models import Document, Identifier, Officer, Organisation, Tie
from doorstep.apps.places.models import Place


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StartForm(forms.Form):
    name = forms.CharField(label=_("What is your group called?"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What kind of group is it?"),
        help_text=_("Neighbours who do something together are an informal group. That is enough."),
        choices=Organisation.Kind.choices,
        initial=Organisation.Kind.INFORMAL,
        widget=forms.RadioSelect,
    )
    title = forms.ChoiceField(
        label=_("What are you in it?"), choices=Officer.Title.choices, initial="contact"
    )


class NumberForm(forms.Form):
    scheme = forms.ChoiceField(label=_("Which register?"), choices=Identifier.Scheme.choices)
    value = forms.CharField(label=_("The number"), max_length=40)


class OfficerForm(forms.Form):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("They sign in with it and find the passport on their desk. Ask them first."),
        max_length=254,
    )
    title = forms.ChoiceField(label=_("What they are in the group"), choices=Officer.Title.choices)


class TiesForm(forms.Form):
    """One question about each of the others who speak for the group."""

    def __init__(self, *args: Any, others: list[Officer], said: dict[int, str], **options: Any):
        super().__init__(*args, **options)
        for other in {one.account_id: one for one in others}.values():
            self.fields[f"tie_{other.account_id}"] = forms.ChoiceField(
                label=_("You and %(email)s") % {"email": other.account.email},
                choices=[("none", _("none of these")), *Tie.Kind.choices],
                initial=said.get(other.account_id),
                widget=forms.RadioSelect,
            )

    def ties(self) -> dict[int, str]:
        return {
            int(name.removeprefix("tie_")): kind
            for name, kind in self.cleaned_data.items()
            if kind != "none"
        }


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("Which paper is it?"), choices=Document.Kind.choices)
    upload = UploadField(label=_("The paper"))
    issued = DayField(label=_("Which day stands on it?"))
    expires = DayField(
        label=_("Its last day"),
        help_text=_("Leave it empty for a paper that does not end, such as a constitution."),
        required=False,
    )


class ShareForm(forms.Form):
    """With a body or with a place, one of the two."""

    reader = forms.ModelChoiceField(
        label=_("Which organisation?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("No organisation: a neighbourhood’s partnership"),
    )
    place = forms.ModelChoiceField(
        label=_("Or which neighbourhood’s partnership?"),
        help_text=_("Its members, its worker and whoever pays its money read it."),
        queryset=Place.objects.order_by("name"),
        required=False,
        empty_label=_("No neighbourhood: an organisation"),
    )
    papers = forms.MultipleChoiceField(
        label=_("Which papers may they open?"),
        help_text=_("That a paper is there, and its days, they see in any case."),
        choices=Document.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    last_day = DayField(label=_("Up to and on which day?"))

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Organisation.objects.exclude(pk=organisation.pk).order_by("name", "slug")
        self.fields["reader"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and bool(given.get("reader")) == bool(given.get("place")):
            raise forms.ValidationError(
                _("Name an organisation or a neighbourhood, one of the two.")
            )
        return given

    @property
    def whom(self) -> Organisation | Place:
        found: Organisation | Place = self.cleaned_data["reader"] or self.cleaned_data["place"]
        return found


class SponsorForm(forms.Form):
    sponsor = forms.ModelChoiceField(
        label=_("Who should stand for you?"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose an organisation"),
    )

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Organisation.objects.exclude(pk=organisation.pk).exclude(kind="informal")
        self.fields["sponsor"].queryset = others.order_by("name", "slug")  # type: ignore[attr-defined]


def a_year_on(day: date) -> date:
    """The day before the same one a year later."""
    return date.fromordinal(day.toordinal() + 364)
