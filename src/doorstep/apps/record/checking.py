"""What the scripts of the page /verify/ may say, so that it can be said in Welsh."""

import re
from functools import cache
from pathlib import Path

from django.utils.translation import get_language, gettext

SCRIPTS = Path(__file__).parent / "static" / "record" / "verify"
_SAID = re.compile(r"""\b(?:say|wrong|unreadable)\(\s*(?:'([^']*)'|"([^"]*)")""")


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence in the scripts, with its %(gaps)s, once."""
    found = {
        one or other
        for path in sorted(SCRIPTS.glob("*.js"))
        for one, other in _SAID.findall(path.read_text(encoding="utf-8"))
    }
    return tuple(sorted(found))


def catalogue() -> dict[str, str]:
    """{sentence: what is said instead} in the visitor's language; empty in English."""
    language = get_language() or "en"
    return {} if language.startswith("en") else {one: gettext(one) for one in sentences()}
