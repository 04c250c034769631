"""What people fill in while a place gets started."""

from django import forms
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.forms import PoundsField
from doorstep.apps.partnerships.forms import WordsField
from doorstep.apps.partnerships.models import LineKind, Listening
from doorstep.apps.partnerships.rules.meetings import LONGEST_TITLE
from doorstep.apps.partnerships.rules.plans import LONGEST_WORDS


class StartForm(forms.Form):
    where = WordsField(label=gettext_lazy("When and where you meet, and how to come along"))


class ListenForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("How you listened"), choices=Listening.How.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    people = forms.IntegerField(
        label=gettext_lazy("How many people"), min_value=1, max_value=100_000
    )
    heard = WordsField(LONGEST_WORDS, 5, label=gettext_lazy("What you heard"))


class StartMoneyForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What the line pays for"),
        choices=[one for one in LineKind.choices if one[0] != LineKind.LATER],
    )
    title = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=LONGEST_TITLE,
        help_text=gettext_lazy("Everybody can read it. Please name nobody."),
    )  # fmt: skip
    pence = PoundsField(label=gettext_lazy("How much"))
    in_favour = forms.IntegerField(label=gettext_lazy("In favour"), min_value=0, max_value=9_999)
    against = forms.IntegerField(label=gettext_lazy("Against"), min_value=0, max_value=9_999)


class VisionForm(forms.Form):
    vision = WordsField(
        LONGEST_WORDS, 8, label=gettext_lazy("What neighbours want to come of the money")
    )
