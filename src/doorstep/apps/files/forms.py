"""A box to hand in a file. The form around it says enctype="multipart/form-data"."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.apps.files import rules
from doorstep.apps.files.cleaning import LARGEST, Unclean, kind_of


class UploadField(forms.FileField):
    """A picture or a PDF. It refuses by size and first bytes; `actions.keep` looks inside."""

    default_error_messages = {
        "required": _("Choose a file."),
        "invalid": _("The form came without its file. Choose it again."),
        "missing": _("The form came without its file. Choose it again."),
        "empty": _("The file is empty. Choose it again, or take the picture again."),
    }

    def __init__(self, *, pictures_only: bool = False, **options: Any) -> None:
        self.pictures_only = pictures_only
        accept = rules.ACCEPT_PICTURES if pictures_only else rules.ACCEPT
        hint = (
            _("A photo (JPEG, PNG or WebP), at most 10 MB.")
            if pictures_only
            else _("A photo (JPEG, PNG or WebP) or a PDF, at most 10 MB.")
        )
        widget = forms.FileInput(attrs={"accept": accept})
        given: dict[str, Any] = {"widget": widget, "help_text": hint}
        super().__init__(**given | options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload:
            return upload
        try:
            if upload.size > LARGEST:
                raise Unclean("size")
            upload.seek(0)
            if kind_of(upload.read(16)) == "PDF" and self.pictures_only:
                raise Unclean("picture")
        except Unclean as verdict:
            raise forms.ValidationError(
                rules.why_not(str(verdict)), code=f"file_{verdict}"
            ) from None
        upload.seek(0)
        return upload
