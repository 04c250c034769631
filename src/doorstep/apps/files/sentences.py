"""How the leaves of this room are told, to those who may read the audit log."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.record.sentences import Body, Words, tells


@tells("file.kept", group=gettext_lazy("Files"))
def _kept(body: Body, words: Words) -> str:
    if body["public"]:
        return _("A file for everybody to see was kept: %(purpose)s.") % body
    return _("A file was kept: %(purpose)s.") % body


@tells("file.erased")
def _erased(body: Body, words: Words) -> str:
    said = {"file": body["file"], "reason": words(body["reason"])}
    return _("File %(file)s was erased: %(reason)s") % said
