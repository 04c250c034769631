"""Form fields a tired person can fill in: a label, a hint, the box, and the mistake in words."""

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import BaseForm, CheckboxInput, ModelChoiceField, RadioSelect
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# What Django shows first in a list where nothing of ours is said; it is read aloud as nothing.
DASHES = BLANK_CHOICE_DASH[0][1]


def _is_group(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, RadioSelect)  # CheckboxSelectMultiple is one too


def field_id(bound: BoundField) -> str:
    """The id that a link in the error summary jumps to: the box, or a group's first choice."""
    return f"{bound.auto_id}_0" if _is_group(bound) else bound.auto_id


def field(bound: BoundField, label: str = "", hint: str = "") -> SafeString:
    """One field with label, hint and error, joined for screen readers; hidden fields stay bare.

    `label` and `hint` replace the form's own, for forms that we did not write.
    """
    if bound.is_hidden:
        return bound.as_widget()
    hint = str(hint or bound.help_text)
    label = str(label or bound.label or "")
    hint_id, error_id = f"{bound.auto_id}_helptext", f"{bound.auto_id}_error"
    described = " ".join([hint_id] * bool(hint) + [error_id] * bool(bound.errors))
    # A placeholder vanishes when it is needed most; the label and the hint stay.
    bound.field.widget.attrs.pop("placeholder", None)
    if isinstance(bound.field, ModelChoiceField) and bound.field.empty_label == DASHES:
        bound.field.empty_label = _("Choose")
    attrs: dict[str, str | bool] = {}
    if described and not _is_group(bound):
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    said = mark_safe(  # noqa: S308 - both parts are made by format_html
        (format_html('<p class="hint" id="{}">{}</p>', hint_id, hint) if hint else "")
        + (
            format_html(
                '<p class="error" id="{}"><span class="unseen">{}</span> {}</p>',
                error_id,
                _("Mistake:"),
                format_html_join(" ", "{}", ((e,) for e in bound.errors)),
            )
            if bound.errors
            else ""
        )
    )
    wrong = " wrong" if bound.errors else ""
    if _is_group(bound):
        return format_html(
            '<fieldset class="field{}"{}><legend>{}</legend>{}{}</fieldset>',
            wrong,
            format_html(' aria-describedby="{}"', described) if described else "",
            label,
            said,
            bound.as_widget(),
        )
    optional = (
        ""
        if bound.field.required or isinstance(bound.field.widget, CheckboxInput)
        else format_html(' <span class="hint-in-line">{}</span>', _("(you can leave this empty)"))
    )
    named = format_html('<label for="{}">{}{}</label>', bound.auto_id, label, optional)
    box = bound.as_widget(attrs=attrs)
    if isinstance(bound.field.widget, CheckboxInput):
        return format_html('<div class="field tick{}">{}{}{}</div>', wrong, box, named, said)
    return format_html('<div class="field{}">{}{}{}</div>', wrong, named, said, box)


def error_summary(form: BaseForm) -> SafeString:
    """What went wrong, at the top, each mistake a link to its box. Nothing when nothing did."""
    if not form.errors:
        return SafeString("")
    items = [(SafeString(""), error) for error in form.non_field_errors()]
    links = [
        format_html('<a href="#{}">{}</a>', field_id(bound), error)
        for bound in form
        for error in bound.errors
    ]
    return format_html(
        '<div class="summary" role="alert" aria-labelledby="summary-title">'
        '<h2 id="summary-title">{}</h2><ul>{}{}</ul></div>',
        _("There is a problem"),
        format_html_join("", "<li>{}{}</li>", items),
        format_html_join("", "<li>{}</li>", ((link,) for link in links)),
    )


def fields(form: BaseForm) -> SafeString:
    """Every field of a form, in its order, each as `field` makes it."""
    return format_html_join("", "{}", ((field(bound),) for bound in form))
