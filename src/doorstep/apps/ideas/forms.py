"""What people type about ideas. Each mistake is a sentence beside its box."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.files.forms import UploadField
from doorstep.apps.ideas import rules
from doorstep.apps.ideas.models import Idea, Theme
from doorstep.apps.outbox.actions import contact_by_post, contact_for
from doorstep.apps.outbox.models import Contact, Medium
from doorstep.apps.outbox.rules import address_or_refuse, postal_address_or_refuse
from doorstep.apps.places.models import Street
from doorstep.apps.places.rules import street_key
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Ground, Terms
from doorstep.apps.rule_names import citable
from doorstep.apps.typeface import printable


def taught(read: Callable[[], Any]) -> Any:
    """What an action's rule says of a box, as the mistake of that box."""
    try:
        return read()
    except Refused as refusal:
        raise forms.ValidationError(refusal.reason, code=refusal.code) from None


class WordsField(forms.CharField):
    """Plain words of at most the length that `rules.LONGEST` gives this name."""

    def __init__(self, name: str, *, rows: int = 0, **options: Any) -> None:
        self.words = name
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        # A browser counts a line break as one character; we do too, once they are evened out.
        widget.attrs["maxlength"] = rules.LONGEST[name]
        super().__init__(widget=widget, strip=False, **options)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What stands in the box again: without characters that no page may hold."""
        return "".join(c for c in str(data or "") if c in "\n\r\t" or c.isprintable())

    def clean(self, value: Any) -> str:
        text = str(value or "")[:100_000]
        if not text.strip():
            return str(super().clean(text.strip()))
        return str(taught(lambda: rules.plain_text(text, self.words)))


class WordsForm(forms.Form):
    """What an idea says of itself."""

    title = WordsField(
        "title",
        label=gettext_lazy("Your idea in a few words"),
        error_messages={"required": gettext_lazy("Say the idea in a few words.")},
    )
    what = WordsField(
        "what",
        rows=6,
        label=gettext_lazy("What would happen, and for whom?"),
        help_text=gettext_lazy(
            "Anybody can read this. Please name nobody, and write no phone number or address."
        ),
        error_messages={"required": gettext_lazy("Say what would happen, and for whom.")},
    )
    rough = forms.CharField(
        label=gettext_lazy("About how much might it cost, in pounds?"),
        help_text=gettext_lazy("A guess is fine. If you do not know, leave it empty."),
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
    )
    where = forms.CharField(
        label=gettext_lazy("Which street is it in?"),
        help_text=gettext_lazy("Leave it empty if it is everywhere, or nowhere in particular."),
        required=False,
        widget=forms.TextInput(attrs={"list": "streets", "autocomplete": "off"}),
    )
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("Choose as many as fit, or none."),
        choices=Theme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, terms: Terms, **options: Any) -> None:
        super().__init__(*args, **options)
        self.terms = terms
        self.place = terms.round.place

    def clean_rough(self) -> int | None:
        return taught(lambda: rules.read_sum(self.cleaned_data["rough"]))

    def clean_where(self) -> str:
        """A street of this place, by the name that its list gives it."""
        key = street_key(self.cleaned_data["where"])
        if not key:
            return ""
        street = Street.objects.filter(place=self.place, name_key=key).first()
        if street is None:
            raise forms.ValidationError(
                _(
                    "We do not know that street in %(place)s. Choose one from the list, or leave "
                    "it empty and say where in your own words above."
                )
                % {"place": self.place.name},
                code="street",
            )
        return street.name

    def said(self) -> dict[str, Any]:
        """The fields of `actions.Said`, as plain data."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "what": data["what"],
            "where": data["where"],
            "tags": list(data["tags"]),
            "rough_pence": data["rough"],
        }


class BelongingForm(WordsForm):
    """The same, with a photo and how the author belongs to the place."""

    photo = UploadField(
        pictures_only=True, required=False, label=gettext_lazy("A photo, if you have one")
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("How do you belong here?"), widget=forms.RadioSelect
    )
    of_age = forms.BooleanField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        words = dict(Ground.choices)
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (ground, words[ground]) for ground in self.terms.grounds if ground in words
        ]
        self.fields["of_age"].label = _("I am %(age)s or older") % {"age": self.terms.minimum_age}
        self.fields["of_age"].error_messages["required"] = _(
            "You must be %(age)s or older to propose an idea in this round."
        ) % {"age": self.terms.minimum_age}
        self.fields["ground"].error_messages["required"] = _("Say how you belong to this place.")


class ProposeForm(BelongingForm):
    """The one screen on which anybody proposes."""

    address = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy(
            "We send a code there, and later what became of your idea. It is never shown."
        ),
        error_messages={"required": gettext_lazy("Give your e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_address(self) -> str:
        return email(self.cleaned_data["address"])


class TypedInForm(BelongingForm):
    """The same screen, filled in by a worker for somebody beside them or on the phone."""

    contact = forms.CharField(
        label=gettext_lazy("Their e-mail address or mobile number"),
        help_text=gettext_lazy(
            "If they want to hear what became of it. They may have none: leave it empty."
        ),
        required=False,
    )
    by_post = forms.CharField(
        label=gettext_lazy("Or their postal address"),
        help_text=gettext_lazy(
            "For somebody who has neither: we print a letter for them. Name, street and postcode, "
            "each on a line of its own."
        ),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    read_back = forms.BooleanField(
        label=gettext_lazy("I read all of this back to them, and they agreed with it"),
        error_messages={
            "required": gettext_lazy("Read it back to them first, and tick this when they agree.")
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ground"].label = _("How do they belong here?")
        self.fields["of_age"].label = _("They are %(age)s or older") % {
            "age": self.terms.minimum_age
        }
        self.fields["title"].label = _("Their idea in a few words")

    def clean_contact(self) -> str:
        typed = self.cleaned_data["contact"].strip()
        return taught(lambda: address_or_refuse(typed).text) if typed else ""

    def clean_by_post(self) -> str:
        typed = self.cleaned_data["by_post"].strip()
        if not typed:
            return ""
        lines = taught(lambda: postal_address_or_refuse(typed).text)
        taught(lambda: printable(lines))
        return str(lines)

    def author(self) -> Contact | None:
        """Whom to tell; made where there was none. None for somebody who wants to hear nothing."""
        data = self.cleaned_data
        if data["contact"]:
            return contact_for(data["contact"])
        return contact_by_post(data["by_post"]) if data["by_post"] else None


def email(typed: str) -> str:
    """An e-mail address, tidied; a code is sent to nothing else."""
    address = taught(lambda: address_or_refuse(typed))
    if address.medium != Medium.EMAIL:
        raise forms.ValidationError(
            _("Give an e-mail address: the code is sent there."), code="email_only"
        )
    return str(address.text)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code"),
        help_text=gettext_lazy("Six digits, from the message we sent."),
        error_messages={"required": gettext_lazy("Type the code from the message.")},
        widget=forms.TextInput(
            attrs={"class": "short", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )


class FollowForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("Nobody sees it, and you can stop at any time."),
        error_messages={"required": gettext_lazy("Give your e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_address(self) -> str:
        return email(self.cleaned_data["address"])


class AnswerForm(forms.Form):
    """A checker's public answer. What each answer needs is asked for by the action as well."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Is it possible?"),
        choices=[
            ("possible", gettext_lazy("Yes, and this is what it would cost")),
            ("not_possible", gettext_lazy("Not possible as written")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose an answer.")},
    )
    cost = forms.CharField(
        label=gettext_lazy("If yes: the cost, in pounds"),
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
    )
    rule_key = forms.ChoiceField(
        label=gettext_lazy("If not: the rule that stands in the way"), required=False
    )
    rule_words = WordsField(
        "rule_words",
        label=gettext_lazy("Or another rule: the law or policy, and where it stands"),
        help_text=gettext_lazy("Such as: Highways Act 1980, section 115E."),
        required=False,
    )
    changes = WordsField(
        "changes",
        rows=3,
        label=gettext_lazy("If not: what would change the answer?"),
        required=False,
    )
    reason = WordsField(
        "reason",
        rows=4,
        label=gettext_lazy("The answer in your own words"),
        help_text=gettext_lazy("Anybody can read this. Please name nobody."),
        error_messages={"required": gettext_lazy("Give the answer in your own words.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = citable(timezone.localdate())
        self.fields["rule_key"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a rule")),
            *sorted(known.items(), key=lambda one: one[1]),
        ]

    def clean_cost(self) -> int | None:
        return taught(lambda: rules.read_sum(self.cleaned_data["cost"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == "possible":
            if data.get("cost", 0) is None:
                self.add_error("cost", _("Write what it would cost, in pounds."))
        elif data.get("verdict") == "not_possible":
            if not data.get("rule_key") and "rule_words" in data and not data["rule_words"]:
                self.add_error(
                    "rule_key",
                    _("Say which rule stands in the way: choose one, or write it down."),
                )
            if "changes" in data and not data["changes"]:
                self.add_error("changes", _("Say what would change the answer."))
        return data


class ReasonForm(forms.Form):
    reason = WordsField(
        "reason",
        rows=4,
        label=gettext_lazy("Why? Anybody can read this."),
        error_messages={"required": gettext_lazy("Say why, in a sentence.")},
    )


class RetireForm(forms.Form):
    favoured = forms.ModelChoiceField(
        queryset=Idea.objects.none(),
        label=gettext_lazy("The idea you stand behind instead"),
        empty_label=gettext_lazy("Choose an idea"),
        error_messages={
            "required": gettext_lazy("Choose an idea."),
            "invalid_choice": gettext_lazy("Choose another idea of the same round."),
        },
    )

    def __init__(self, *args: Any, others: QuerySet[Idea], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["favoured"]
        field.queryset = others  # type: ignore[attr-defined]
        field.label_from_instance = lambda idea: f"{idea.number}. {idea.title.text}"  # type: ignore[attr-defined]


class SureForm(forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("Yes, take my idea back"),
        error_messages={"required": gettext_lazy("Tick this if you are sure.")},
    )


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Words in an idea"), required=False, max_length=100)
    theme = forms.ChoiceField(label=gettext_lazy("About"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["theme"].choices = [("", _("Everything")), *Theme.choices]  # type: ignore[attr-defined]
