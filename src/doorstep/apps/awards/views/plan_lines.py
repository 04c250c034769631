"""Money is promised by the lines of the plan that holds."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from doorstep.apps.awards.actions.from_plan import award_from_line
from doorstep.apps.awards.forms import fresh
from doorstep.apps.awards.queries.from_plan import Giving, lines_that_give
from doorstep.apps.awards.views.common import acted
from doorstep.apps.ledger.forms import PoundsField
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.guards import acting, needs_role, place_at
from doorstep.apps.people.step_up import after_a_fresh_second_step


class FromLineForm(forms.Form):
    line = forms.ChoiceField(label=gettext_lazy("By which line"))
    title = forms.CharField(
        label=gettext_lazy("What the money is for"), max_length=200,
        help_text=gettext_lazy("Everybody can read it. Please name nobody."),
    )  # fmt: skip
    pence = PoundsField(label=gettext_lazy("How much"))
    once = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: object, lines: list[Giving], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.lines = {str(one.line.number): one for one in lines}
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (
                key,
                _("%(number)s. %(title)s: %(left)s left")
                % {"number": key, "title": one.line.title.text or "", "left": pounds(one.left)},
            )
            for key, one in self.lines.items()
        ]


@needs_role("partnership_member", place=place_at)
@require_http_methods(["GET", "HEAD", "POST"])
@after_a_fresh_second_step
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What each line may still give, and a form to promise some of it."""
    place = place_at(request, slug)
    lines = lines_that_give(place)
    form = FromLineForm(
        request.POST if request.method == "POST" else None, initial=fresh(), lines=lines
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        award = acted(
            form,
            lambda: award_from_line(
                form.lines[given["line"]].agreed, key=given["once"], title=given["title"],
                pence=given["pence"] or 0, on=timezone.localdate(), actor=acting(request),
            ),
        )  # fmt: skip
        if award:
            messages.success(request, _("The money is promised."))
            return redirect("award-money", slug=award.slug)
    shown = {"place": place, "lines": lines, "form": form}
    return render(request, "awards/plan_lines.html", shown)
