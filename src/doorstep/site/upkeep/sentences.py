"""How the leaves of care for the data are told."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from doorstep.apps.record.sentences import Words, tells


@tells("upkeep.invariants_checked", group=gettext_lazy("Care for the data"))
def _checked(body: Mapping[str, Any], words: Words) -> str:
    asked = len(body["checked"])
    broken = sum(1 for _name, _rows, faults in body["checked"] if faults)
    if not broken:
        return _("The nightly check asked %(count)s questions and found nothing.") % {
            "count": asked
        }
    return ngettext(
        "The nightly check asked %(count)s questions and found something at %(broken)s.",
        "The nightly check asked %(count)s questions and found something at %(broken)s of them.",
        broken,
    ) % {"count": asked, "broken": broken}


@tells("upkeep.restore_drilled")
def _drilled(body: Mapping[str, Any], words: Words) -> str:
    if body["good"]:
        return _("The backup was brought back on trial, and everything came back.")
    if "leaves" in body:
        return _("The backup was brought back on trial, and not everything came back right.")
    return _("The backup was to be brought back on trial, and nothing came back.")
