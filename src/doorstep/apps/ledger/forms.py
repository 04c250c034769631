"""What people type about money."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.ledger.rules import read_pounds
from doorstep.apps.refused import Refused


class PoundsField(forms.CharField):
    """A sum as people type it; the form gets pence. `or_nothing` takes £0 too."""

    def __init__(self, *, or_nothing: bool = False, **options: Any) -> None:
        self.or_nothing = or_nothing
        options.setdefault("help_text", _("In pounds, such as 120 or 120.50."))
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=20, **options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return read_pounds(typed, or_nothing=self.or_nothing)
        except Refused as refused:
            raise forms.ValidationError(refused.reason, code=refused.code) from None
