"""What a funder types at their desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from doorstep.apps.fund.models import Decision, Proposal
from doorstep.apps.fund.rules import REASON_LENGTH
from doorstep.engine.forecast import Assumption, Scenario
from doorstep.engine.forecast.scenario import field_of

PERCENT = {"share", "rate", "spread"}


class DecideForm(forms.Form):
    """Which rule, and why."""

    rule = forms.ChoiceField(label=_("Share the pot"), widget=forms.RadioSelect, choices=())
    reason = forms.CharField(
        label=_("Why this rule"),
        help_text=_("Everybody reads it beside the shares, for years."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.fields["rule"]
        if isinstance(rule, forms.ChoiceField):
            rule.choices = [
                (value, label)
                for value, label in Decision.Rule.choices
                if value != Decision.Rule.STEPS or proposal.steps
            ]


class AssumptionsForm(forms.Form):
    """The assumptions that have a range, as they may be tried. Shares are typed in percent."""

    def __init__(self, *args: Any, scenario: Scenario, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scenario = scenario
        for one in scenario.assumptions.values():
            if one.ranges:
                self.fields[one.name] = _number(one)

    def chosen(self) -> Scenario:
        """The scenario with what was typed; what was left empty stays as the fund has it."""
        scenario = self.scenario
        for name, typed in self.cleaned_data.items():
            if typed is not None:
                by = 100 if scenario.assumptions[name].unit in PERCENT else 1
                scenario = scenario.having(name, typed / by)
        return scenario


def typed_as(one: Assumption, value: float) -> float:
    """A value as a form shows it: shares in percent, without the dust of floats."""
    return round(value * 100, 6) if one.unit in PERCENT else value


def named(one: Assumption) -> str:
    """What an assumption is called: "The fund: return on the pot a year"."""
    section, _dot, _name = one.name.partition(".")
    return gettext("%(section)s: %(means)s") % {
        "section": gettext(SECTIONS.get(section, section)),
        "means": gettext(one.means),
    }


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _number(one: Assumption) -> forms.FloatField:
    bounds = field_of(one.name)
    unit = gettext("in percent") if one.unit in PERCENT else gettext(UNITS.get(one.unit, one.unit))
    hint = gettext("%(unit)s; the fund reckons with %(value)s. %(source)s") % {
        "unit": unit,
        "value": _shown(typed_as(one, one.value)),
        "source": one.source,
    }
    least, most = typed_as(one, bounds.least), typed_as(one, bounds.most)
    # One sentence for whatever is wrong: in a summary it must say which box, and what fits there.
    wrong = gettext("%(name)s: enter a number from %(least)s to %(most)s.") % {
        "name": named(one),
        "least": _shown(least),
        "most": _shown(most),
    }
    return forms.FloatField(
        label=named(one),
        help_text=hint,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


SECTIONS = {
    "fund": gettext_noop("The fund"),
    "reserve": gettext_noop("The reserve"),
    "prices": gettext_noop("Prices"),
    "match": gettext_noop("Match"),
    "crisis": gettext_noop("A crisis"),
    "draw_down": gettext_noop("Draw-down"),
    "bank": gettext_noop("Bank accounts"),
    "insurance": gettext_noop("Insurance"),
    "investment": gettext_noop("Funds"),
    "securities": gettext_noop("Shares"),
}
UNITS = {
    "pounds": gettext_noop("in pounds"),
    "years": gettext_noop("in years"),
    "times": gettext_noop("times"),
}
