"""What people fill in about seats: who stands, who is in, and what a seat's holder says."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.actions.members import LONGEST_NAME
from doorstep.apps.partnerships.actions.seats import MOST_SEATS
from doorstep.apps.partnerships.forms import DayField
from doorstep.apps.partnerships.models import Candidate, Filling, ItemDecision, Membership


class OpenForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("How are they filled?"), choices=Filling.How.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    seats = forms.IntegerField(
        label=gettext_lazy("How many seats"), min_value=1, max_value=MOST_SEATS
    )
    closes_on = DayField(label=gettext_lazy("The day on which it is too late to stand"))
    seed_from = forms.CharField(
        label=gettext_lazy("Which public number draws the lot, or settles a tie"),
        max_length=300,
        help_text=gettext_lazy(
            "Something that everybody can look up and nobody knows yet, such as the lottery’s "
            "numbers of a Saturday after that day, in the order in which they are published."
        ),
    )


class StandForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Their email address"),
        help_text=gettext_lazy("They sign in with it. It is shown to nobody else."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("What the members call them"), max_length=LONGEST_NAME,
        help_text=gettext_lazy("Members read it, and nobody else unless they agree."),
    )  # fmt: skip
    lives_here = forms.BooleanField(label=gettext_lazy("They live in the area"), required=False)


class SettleForm(forms.Form):
    """Who is in: by votes, by the seed, or by those whom a meeting agreed on."""

    def __init__(
        self,
        *args: Any,
        filling: Filling,
        standing: list[Candidate],
        decisions: list[ItemDecision],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.standing = standing
        names = [(str(one.number), f"{one.number}. {one.name.text or ''}") for one in standing]
        if filling.how == Filling.How.ELECTION:
            for one, (_number, name) in zip(standing, names, strict=True):
                self.fields[f"votes_{one.number}"] = forms.IntegerField(
                    label=_("Votes for %(name)s") % {"name": name}, min_value=0, max_value=99_999
                )
        if filling.how == Filling.How.COOPTION:
            self.fields["decision"] = forms.ChoiceField(
                label=_("By which decision of a meeting"),
                choices=decision_choices(decisions),
            )
            self.fields["chosen"] = forms.MultipleChoiceField(
                label=_("Who was agreed on"), choices=names, widget=forms.CheckboxSelectMultiple
            )
        else:
            self.fields["seed"] = forms.CharField(
                label=_("The public number that was named"), max_length=200,
                required=filling.how == Filling.How.LOT,
                help_text=filling.seed_from.text or "",
            )  # fmt: skip

    def settled(self) -> dict[str, Any]:
        """What the action asks for."""
        given = self.cleaned_data
        votes = {
            one.number: given[f"votes_{one.number}"]
            for one in self.standing
            if f"votes_{one.number}" in given
        }
        return {
            "seed": given.get("seed", ""),
            "votes": votes or None,
            "chosen": [int(one) for one in given.get("chosen", [])],
        }


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What the members call them"), max_length=LONGEST_NAME, required=False
    )
    named_in_public = forms.BooleanField(
        label=gettext_lazy("They agree that everybody may read this name"), required=False
    )


class OfficeForm(forms.Form):
    seat = forms.ChoiceField(label=gettext_lazy("Which office"))
    decision = forms.ChoiceField(
        label=gettext_lazy("By which decision of a meeting"), required=False,
        help_text=gettext_lazy("Giving an office up needs none."),
    )  # fmt: skip

    def __init__(self, *args: Any, decisions: list[ItemDecision], **options: Any) -> None:
        super().__init__(*args, **options)
        seat, decision = self.fields["seat"], self.fields["decision"]
        assert isinstance(seat, forms.ChoiceField)
        assert isinstance(decision, forms.ChoiceField)
        seat.choices = Membership.Seat.choices
        decision.choices = [("", "–"), *decision_choices(decisions)]


def decision_choices(decisions: list[ItemDecision]) -> list[tuple[str, str]]:
    """What meetings decided, by meeting and item, as a list to choose from."""
    return [
        (str(one.pk), f"{one.item.meeting.number}.{one.item.number} {one.item.title.text}")
        for one in decisions
    ]


class HomeForm(forms.Form):
    other = forms.ChoiceField(
        label=gettext_lazy("Lives with, or is close family of"),
        help_text=gettext_lazy("Kept for who may vote on what. It is never public."),
    )

    def __init__(self, *args: Any, others: list[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(seat.pk), seat.called) for seat in others]
