"""The forms by which steps of a fund are asked for: at the funder's desk, and from a place."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from doorstep.apps.awards.forms import DayField, PoundsField
from doorstep.apps.fund import actions
from doorstep.apps.fund.models import (
    AssetClass,
    Decision,
    Fund,
    Programme,
    Step,
    StepKind,
    WaveShare,
)
from doorstep.apps.fund.rules import GIVER_LENGTH, REASON_LENGTH
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.site.pages.step_words import Lists, share_name


class StepForm(forms.Form):
    """One kind of step. The reference makes a form that is sent twice the same request."""

    kind = ""
    button: Any = _("Ask for this step")
    words_from = ""
    reference = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any = None, *, fund: Fund, lists: Lists, name: str = "") -> None:
        name = name or self.kind
        super().__init__(data, auto_id=f"{name}_%s", initial={"reference": secrets.token_hex(8)})
        self.fund, self.name = fund, name
        self.among(lists)

    @property
    def title(self) -> str:
        return str(StepKind(self.kind).label)

    def among(self, lists: Lists) -> None:
        """Say what the form's lists hold."""

    def said(self) -> dict[str, Any]:
        """What the step says, as JSON values."""
        given = self.cleaned_data
        kept = {name: given[name] for name in given if name not in {"reference", self.words_from}}
        return {name: _plain(value) for name, value in kept.items()}

    def act(self, actor: Actor) -> None:
        words = self.cleaned_data[self.words_from] if self.words_from else ""
        actions.ask_step(
            self.fund, self.kind, self.said(), words=words, actor=actor,
            reference=f"{self.fund.slug}:{self.kind}:{self.cleaned_data['reference']}",
        )  # fmt: skip

    def _choose(self, name: str, rows: Sequence[Any], label: Callable[[Any], str] = str) -> None:
        """Let the field take one of these rows. It shows them without reading them again."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        assert field.queryset is not None
        field.queryset = field.queryset.model._default_manager.filter(pk__in=[o.pk for o in rows])
        field.choices = [("", field.empty_label), *((one.pk, label(one)) for one in rows)]


def _plain(value: Any) -> Any:
    """A cleaned value as it stands in a leaf: whole numbers, days as text, rows by their id."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Decision):
        return value.proposal.slug
    if isinstance(value, WaveShare):
        return value.pk
    return value.slug if isinstance(value, Programme | Place) else value


def pounds_field() -> PoundsField:
    return PoundsField(label=_("How much?"))


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=REASON_LENGTH
    )


def class_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Class"), choices=AssetClass.choices)


class ReviewForm(StepForm):
    """It moves nothing, so one person's word is enough; a release after it takes two."""

    kind = "review"
    button = _("Review a reserve")
    asset_class = class_field()
    pence = PoundsField(label=_("Reclaims still expected"), or_nothing=True)
    reason = reason_field()

    @property
    def title(self) -> str:
        return str(_("Review a reserve"))

    def act(self, actor: Actor) -> None:
        said = self.cleaned_data
        kind = AssetClass(said["asset_class"])
        actions.review_reserve(self.fund, kind, said["pence"], reason=said["reason"], actor=actor)


class ReceiveForm(StepForm):
    kind = StepKind.RECEIVE
    words_from = "giver"
    asset_class = class_field()
    pence = pounds_field()
    giver = forms.CharField(label=_("Who handed it over"), max_length=GIVER_LENGTH)
    on = DayField(label=_("Day on which it arrived"), initial=timezone.localdate)


class MatchForm(StepForm):
    kind = StepKind.MATCH
    words_from = "giver"
    pence = pounds_field()
    giver = forms.CharField(label=_("Who gave it"), max_length=GIVER_LENGTH)
    on = DayField(label=_("Day on which it arrived"), initial=timezone.localdate)


class ReclaimForm(StepForm):
    kind = StepKind.RECLAIM
    asset_class = class_field()
    pence = pounds_field()


class ReleaseForm(StepForm):
    kind = StepKind.RELEASE
    asset_class = class_field()
    pence = pounds_field()


class CostsForm(StepForm):
    kind = StepKind.COSTS
    words_from = "payee"
    payee = forms.CharField(label=_("Paid to"), max_length=GIVER_LENGTH)
    pence = pounds_field()


class AsideForm(StepForm):
    kind = StepKind.ASIDE
    words_from = "programme_name"
    programme = forms.SlugField(label=_("Id of the programme"), max_length=40)
    programme_name = forms.CharField(label=_("Its name"), max_length=120)
    pence = pounds_field()

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("programme", "pence")}


class TermForm(StepForm):
    begins_on = DayField(label=_("First day of the term"))
    ends_on = DayField(label=_("Last day of the term"))


class WaveForm(TermForm):
    kind = StepKind.WAVE
    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none())
    decision = forms.ModelChoiceField(label=_("The decision"), queryset=Decision.objects.none())
    wave = forms.SlugField(label=_("Id of the wave"), max_length=40)
    years = forms.IntegerField(
        label=_("Years to draw it in"),
        help_text=_("0 gives every place its whole share at once."),
        min_value=0,
        max_value=40,
    )
    field_order = ("programme", "decision", "wave", "begins_on", "ends_on", "years")

    def among(self, lists: Lists) -> None:
        self._choose("programme", lists.programmes)
        self._choose("decision", lists.decisions)


class AllocateForm(TermForm):
    kind = StepKind.ALLOCATE
    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none())
    pence = pounds_field()
    field_order = ("place", "pence", "begins_on", "ends_on")

    def among(self, lists: Lists) -> None:
        self._choose("place", lists.places)


class _OfShare(StepForm):
    share = forms.ModelChoiceField(label=_("Share"), queryset=WaveShare.objects.none())

    def among(self, lists: Lists) -> None:
        self._choose("share", [one.share for one in lists.shares], share_name)


class DrawForm(_OfShare):
    kind = StepKind.DRAW
    pence = pounds_field()


class EndForm(_OfShare):
    kind = StepKind.END


class BackForm(StepForm):
    kind = StepKind.BACK
    words_from = "reason"
    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none())
    pence = pounds_field()
    reason = reason_field()

    def among(self, lists: Lists) -> None:
        self._choose("place", lists.given)


class UndoForm(StepForm):
    kind = StepKind.UNDO
    words_from = "reason"
    entry = forms.IntegerField(
        label=_("Number of the entry"),
        help_text=_("It stands in the list of entries below."),
        min_value=1,
        max_value=2**31,
    )
    reason = reason_field()


class AnswerForm(forms.Form):
    """What a second person says of a step; a no has a reason."""

    answer = forms.ChoiceField(
        label=_("What do you say?"),
        choices=[("yes", _("Yes: do it now")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why not"),
        help_text=_("Only for a no. Everybody can read it."),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, step: Step, own: bool = False) -> None:
        super().__init__(data, auto_id=f"answer{step.pk}_%s")
        self.step = step
        if own:
            del self.fields["answer"]
            self.fields["reason"].label = _("Why do you take it back?")
            self.fields["reason"].help_text = ""

    def act(self, actor: Actor) -> None:
        if self.cleaned_data.get("answer") == "yes":
            actions.agree_step(self.step, actor=actor)
        else:
            actions.refuse_step(self.step, reason=self.cleaned_data["reason"], actor=actor)


AT_THE_DESK: tuple[type[StepForm], ...] = (
    ReceiveForm,
    MatchForm,
    ReclaimForm,
    ReviewForm,
    ReleaseForm,
    CostsForm,
    AsideForm,
    WaveForm,
    AllocateForm,
    DrawForm,
    BackForm,
    EndForm,
    UndoForm,
)
AT_A_PLACE: tuple[type[StepForm], ...] = (DrawForm, BackForm)
