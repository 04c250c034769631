"""The typeface of everything that is printed: its two weights, and the letters that it has.

A letter that it lacks is refused, never left out: a name with a hole in it is somebody else's name.
"""

import fcntl
import os
import unicodedata
import warnings
from functools import cache
from pathlib import Path

import fontpkg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from doorstep.apps.refused import Refused

FAMILY = "Open Sans"
WEIGHTS = {"": 400, "B": 700}


def missing_letters(text: str) -> str:
    """The letters of a text that cannot be printed, each once; empty when all can."""
    known = _letters()
    return "".join(dict.fromkeys(c for c in _tidied(text) if c != "\n" and ord(c) not in known))


def printable(text: str) -> str:
    """The text as it will be printed. `Refused` when the typeface lacks one of its letters."""
    if missing := missing_letters(text):
        raise Refused(
            _("These letters cannot be printed: %(letters)s. Write it in another way.")
            % {"letters": " ".join(missing[:20])},
            code="cannot_print",
        )
    return _tidied(text)


def typeface() -> dict[str, Path]:
    """{fpdf2's style: font file}. Open Sans comes as one file for every weight; the two weights
    that are printed are cut from it once, into the data folder."""
    try:
        source = fontpkg.path(FAMILY, nearest=True)
    except fontpkg.FontpkgError as problem:
        raise ImproperlyConfigured(
            f"The typeface {FAMILY} is missing, so nothing can be printed. "
            "Install what requirements/run.txt names."
        ) from problem
    folder = Path(settings.DATA) / "fonts"
    stat = source.stat()
    cut = {
        style: folder / f"open-sans-{weight}-{stat.st_size}.ttf"
        for style, weight in WEIGHTS.items()
    }
    if not all(path.exists() for path in cut.values()):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for style, path in cut.items():
                if not path.exists():
                    _cut(source, WEIGHTS[style], path)
    return cut


def _cut(source: Path, weight: int, target: Path) -> None:
    fresh = target.with_suffix(f".{os.getpid()}")
    with TTFont(source) as font, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        instancer.instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
        font.save(fresh)
    os.replace(fresh, target)


@cache
def bytes_of(path: Path) -> bytes:
    """A font file's bytes, read once."""
    return path.read_bytes()


@cache
def _letters() -> frozenset[int]:
    """Every letter that both weights have."""
    sets = []
    for path in typeface().values():
        with TTFont(path) as font:
            sets.append(set(font.getBestCmap()))
    return frozenset.intersection(*map(frozenset, sets))


def _tidied(text: str) -> str:
    """Composed letters, plain spaces, and nothing that has no shape."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    kept = []
    for letter in text:
        kind = unicodedata.category(letter)
        if letter == "\u202f":
            kept.append("\u00a0")
        elif kind == "Zs" and letter != "\u00a0":
            kept.append(" ")
        # Shapeless: controls, joiners, and the selectors that only choose between two shapes.
        elif letter == "\n" or not (kind in {"Cc", "Cf"} or "\ufe00" <= letter <= "\ufe0f"):
            kept.append(letter)
    return "".join(kept)
