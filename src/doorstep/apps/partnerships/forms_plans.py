"""What people fill in about a plan: its words and years, a line, how it was agreed, a look back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.forms import PoundsField
from doorstep.apps.partnerships.forms import DayField, WordsField
from doorstep.apps.partnerships.models import ItemDecision, LineKind
from doorstep.apps.partnerships.rules import plans as rules
from doorstep.apps.partnerships.rules.meetings import LONGEST_TITLE


class PlanWordsForm(forms.Form):
    vision = WordsField(
        rules.LONGEST_WORDS, 8, label=gettext_lazy("What you want to come of the money"),
        required=False,
    )  # fmt: skip
    legacy = WordsField(
        rules.LONGEST_WORDS, 5, label=gettext_lazy("What stays when the money is gone"),
        required=False,
    )  # fmt: skip
    begins_on = DayField(label=gettext_lazy("The plan runs from"), required=False)
    ends_on = DayField(
        label=gettext_lazy("The plan runs until"), required=False,
        help_text=gettext_lazy("Look back on it by then, and write the next."),
    )  # fmt: skip


class LineForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What the line pays for"), choices=LineKind.choices)
    title = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=LONGEST_TITLE,
        help_text=gettext_lazy("Everybody can read it once the plan is put forward. Name nobody."),
    )  # fmt: skip
    pence = PoundsField(label=gettext_lazy("How much of the whole sum"))
    now_pence = PoundsField(
        label=gettext_lazy("How much of it in this plan’s own years"), required=False,
        help_text=gettext_lazy("That much can be promised once the plan is agreed on both sides."),
    )  # fmt: skip
    how = forms.CharField(
        label=gettext_lazy("How the sum was worked out"), max_length=rules.LONGEST_HOW,
        required=False, help_text=gettext_lazy("Such as: 12 days a year at £350, for ten years."),
    )  # fmt: skip
    by = DayField(label=gettext_lazy("Done by"), required=False)

    def line(self) -> rules.DraftLine:
        given = self.cleaned_data
        return rules.DraftLine(
            given["kind"], given["title"], given["pence"] or 0, given["now_pence"] or 0,
            " ".join(given["how"].split()), given["by"].isoformat() if given["by"] else "",
        )  # fmt: skip


class AgreedForm(forms.Form):
    """By which meeting's item something was agreed, or why no meeting decided."""

    decision = forms.ChoiceField(
        label=gettext_lazy("By which decision of a meeting"), required=False
    )
    why = WordsField(label=gettext_lazy("If no meeting decided: why not"), required=False)

    def __init__(self, *args: Any, decisions: Iterable[ItemDecision], **options: Any) -> None:
        super().__init__(*args, **options)
        self.decisions = {str(one.pk): one for one in decisions}
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("No meeting decided"))] + [
            (key, f"{one.item.meeting.number}.{one.item.number} {one.item.title.text}")
            for key, one in self.decisions.items()
        ]

    def chosen(self) -> ItemDecision | None:
        return self.decisions.get(self.cleaned_data.get("decision", ""))


class ReviewForm(forms.Form):
    done = WordsField(rules.LONGEST_WORDS, 6, label=gettext_lazy("What became of the plan"))
    change = WordsField(rules.LONGEST_WORDS, 4, label=gettext_lazy("What is to change"))


class SendBackForm(forms.Form):
    reason = WordsField(label=gettext_lazy("What is to be thought over"))
