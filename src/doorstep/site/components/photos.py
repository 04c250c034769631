"""Pictures that people handed in, as large as a page can bear."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from doorstep.apps.files.models import StoredFile

WIDEST, TALLEST = 640, 440  # in CSS pixels: a till receipt is long, and the page goes on below it


def photo(file: StoredFile, address: str, alt: str) -> SafeString:
    """A stored picture, drawn smaller in its own proportions where it is large.

    Its size is said before it comes, so that nothing below it jumps; it comes when it is near.
    """
    shrunk = min(1.0, WIDEST / file.width, TALLEST / file.height)
    return format_html(
        '<img class="photo" src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        address,
        max(1, round(file.width * shrunk)),
        max(1, round(file.height * shrunk)),
        alt,
    )
