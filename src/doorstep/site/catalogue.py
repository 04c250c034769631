"""The words of the site for a command that starts no Django: English, or their Welsh."""

from collections.abc import Callable
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")
LANGUAGES = ("en", "cy")


class NoSuchLanguageError(ValueError):
    """A language that nothing is translated to."""


def translator(language: str) -> Callable[[str], str]:
    """From an English message to a language; what has no translation stays English.

    Raises NoSuchLanguageError for any but LANGUAGES.
    """
    if language not in LANGUAGES:
        raise NoSuchLanguageError(f"there is no language {language!r}: use {', '.join(LANGUAGES)}.")
    if language == "en":
        return str
    import polib

    catalogue = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    words = {one.msgid: one.msgstr for one in catalogue if one.translated() and not one.msgctxt}
    return lambda text: words.get(text) or text
