"""Why a file is not kept, in a resident's words."""

import re

from django.utils.translation import gettext as _

from doorstep.apps.files import cleaning

ACCEPT_PICTURES = "image/jpeg,image/png,image/webp"
ACCEPT = f"{ACCEPT_PICTURES},application/pdf"
_PURPOSE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def why_not(verdict: str) -> str:
    """The sentence for a word of `cleaning`: what is wrong, and what to do."""
    sentences = {
        "empty": _("The file is empty. Choose it again, or take the picture again."),
        "size": _(
            "The file is larger than %(megabytes)s MB. Take the picture in a smaller size, or "
            "send fewer pages."
        )
        % {"megabytes": cleaning.LARGEST // (1024 * 1024)},
        "pixels": _(
            "The picture has more than %(megapixels)s million dots. Take it in a smaller size."
        )
        % {"megapixels": cleaning.MOST_PIXELS // 1_000_000},
        "pages": _("The PDF has more than %(pages)s pages. Send the pages that matter.")
        % {"pages": cleaning.MOST_PAGES},
        "password": _("The PDF asks for a password. Save it without one, and send it again."),
        "heic": _(
            "The picture is in Apple's own format (HEIC). Send it as JPEG: a screenshot of it will "
            "do."
        ),
        "kind": _("This is not a picture or a PDF. Send a photo (JPEG, PNG or WebP) or a PDF."),
        "picture": _("This is a PDF. Send a photo here (JPEG, PNG or WebP)."),
        "too_hard": _("The file is too hard to read. Take a photo of it, and send that."),
        "broken": _("The file cannot be read: it is damaged or cut short. Choose it again."),
    }
    return sentences.get(verdict, sentences["broken"])


def is_purpose(word: str) -> bool:
    return len(word) <= 40 and _PURPOSE.fullmatch(word) is not None
