"""What people fill in to publish a grant form, and to apply with one."""

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.awards import asking, fitting
from doorstep.apps.awards.models import AwardKind
from doorstep.apps.ledger.forms import PoundsField
from doorstep.apps.organisations.models import Organisation
from doorstep.engine.proportion import Assessment, Schedule

MOST_ROLES = 100
OWN_LINES = 3


class FactsForm(forms.Form):
    """The facts of a project that are risks."""

    risks = forms.MultipleChoiceField(
        label=_("Which of these are true?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    roles = forms.IntegerField(
        label=_("How many people care, shop or drive like that?"),
        min_value=1,
        max_value=MOST_ROLES,
        required=False,
    )
    land = forms.BooleanField(label=_("It is for land or a building, for long"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = list(fitting.risk_words().items())
        self.fields["risks"].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> dict[str, int]:
        """{risk: how many}; people in regulated roles are counted, the rest is there or not."""
        roles = self.cleaned_data["roles"] or 1
        ticked = self.cleaned_data["risks"]
        return {risk: roles if risk == "regulated_roles" else 1 for risk in ticked}


class FitForm(FactsForm):
    sum = PoundsField(label=_("How much would you ask for?"))

    field_order = ["sum", "risks", "roles", "land"]


class BeginForm(FactsForm):
    once = forms.CharField(widget=forms.HiddenInput, max_length=32)
    title = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A few words for the list, such as “Paint for the bus shelter”."),
        max_length=200,
    )
    purpose = forms.CharField(
        label=_("Who are you, what do you want to do, and when?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    pence = PoundsField(label=_("How much?"))
    organisation = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("None: for myself, paid back what I spend"),
    )

    field_order = [
        "title", "pence", "purpose", "organisation", "risks", "roles", "land", "once",
    ]  # fmt: skip

    def __init__(self, *args: Any, bodies: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        mine = Organisation.objects.filter(pk__in=[one.pk for one in bodies]).order_by("name")
        self.fields["organisation"].queryset = mine  # type: ignore[attr-defined]
        # A report that is late is looked up, and nobody has to tell it of themselves.
        shown = [pair for pair in fitting.risk_words().items() if pair[0] != asking.LATE]
        self.fields["risks"].choices = shown  # type: ignore[attr-defined]


class AnswersForm(forms.Form):
    """One box for each thing that is asked of one application."""

    def __init__(
        self, found: Assessment, *args: Any, held: Collection[str] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.keys = asking.to_answer(found, held)
        because = {one.key: one for one in found.asked}
        risks = fitting.risk_words()
        for number, key in enumerate(self.keys):
            one = because[key]
            self.fields[f"answer_{number}"] = forms.CharField(
                label=asking.said(key),
                help_text=_("About %(minutes)s. %(why)s")
                % {
                    "minutes": fitting.long(one.minutes),
                    "why": risks.get(one.because, ""),
                },
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def answers(self) -> dict[str, str]:
        """{what is asked: what was written}."""
        return {key: self.cleaned_data[f"answer_{number}"] for number, key in enumerate(self.keys)}


class PublishForm(forms.Form):
    once = forms.CharField(widget=forms.HiddenInput, max_length=32)
    title = forms.CharField(
        label=_("What is the money called?"),
        help_text=_("Such as “Small grants for the summer”."),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=_("What is asked of whoever gets it?"),
        choices=[
            (AwardKind.PROJECT, _("A project: receipts for what it buys")),
            (AwardKind.UNRESTRICTED, _("Unrestricted: accounts and one page each year")),
        ],
        widget=forms.RadioSelect,
    )
    least = PoundsField(label=_("The smallest sum"))
    most = PoundsField(label=_("The largest sum"))
    more = forms.MultipleChoiceField(
        label=_("What would you ask for besides what the sum and the risks ask for anyway?"),
        help_text=_("Each costs minutes out of the budget. Most forms need none of these."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    officer = forms.CharField(
        label=_("Over budget: the name of the officer who stands for it"),
        help_text=_("Everybody who applies reads this name. Leave it empty within the budget."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    explanation = forms.CharField(
        label=_("Over budget: why is so much asked?"), max_length=500, required=False
    )

    field_order = ["title", "kind", "least", "most", "more"]

    def __init__(self, table: Schedule, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table
        words = fitting.asked_words()
        self.fields["more"].choices = [  # type: ignore[attr-defined]
            (key, f"{words.get(key, key)} ({fitting.long(one.minutes)})")
            for key, one in table.requirements.items()
            if one.minutes
        ]
        for number in range(1, OWN_LINES + 1):
            self.fields[f"own_{number}"] = forms.CharField(
                label=_("Something else, %(n)s") % {"n": number}, max_length=200, required=False
            )
            self.fields[f"own_minutes_{number}"] = forms.IntegerField(
                label=_("Something else, %(n)s: minutes it takes") % {"n": number},
                min_value=1,
                max_value=6000,
                required=False,
            )
        last = ["officer", "explanation", "once"]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        known = [(key, self.table.requirements[key].minutes) for key in given.get("more", [])]
        own = []
        for number in range(1, OWN_LINES + 1):
            what = re.sub(r"\s+", " ", given.get(f"own_{number}") or "").strip()
            minutes = given.get(f"own_minutes_{number}")
            if bool(what) != bool(minutes):
                raise forms.ValidationError(
                    _("Say what is asked besides, and how many minutes it takes.")
                )
            if what and minutes:
                own.append((what, minutes))
        given["extras"] = [*known, *own]
        return given
