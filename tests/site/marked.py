"""Finds every string that is marked for translation, without xgettext (not on a fresh Debian).

Templates go through Django's own `templatize`, which turns them into text with gettext calls;
Python is read as a syntax tree. Both give msgids as gettext will ask for them at run time.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

import doorstep

PACKAGE = Path(doorstep.__file__).parent
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CALL = re.compile(r"\b(_|gettext|ngettext)\(")

Marked = tuple[str, str | None]  # msgid and its plural, if it has one


def in_templates() -> Iterator[tuple[Path, Marked]]:
    for path in sorted([*PACKAGE.rglob("*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        for marked in _calls_in(templatize(path.read_text(), origin=str(path))):
            yield path, marked


def _calls_in(text: str) -> Iterator[Marked]:
    for found in CALL.finditer(text):
        arguments = _arguments(text, found.end())
        if found[1] == "ngettext":
            yield arguments[0], arguments[1]
        elif arguments:
            yield arguments[0], None


def _arguments(text: str, start: int) -> list[str]:
    """The leading string arguments of a call whose bracket opened just before `start`."""
    for end in (i for i in range(start, len(text)) if text[i] == ")"):
        try:
            call = ast.parse(f"f({text[start:end]})", mode="eval").body
        except SyntaxError:
            continue
        assert isinstance(call, ast.Call)
        return [a.value for a in call.args if isinstance(a, ast.Constant)]
    raise AssertionError(f"a gettext call never ends: {text[start : start + 80]!r}")


def in_python() -> Iterator[tuple[Path, Marked]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from ((path, marked) for marked in _marked_by(node, path))


def _marked_by(call: ast.Call, path: Path) -> Iterator[Marked]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    wanted = 1 if name in SINGULAR else 2 if name in PLURAL else 0
    if not wanted:
        return
    given = call.args[:wanted]
    if any(isinstance(argument, ast.JoinedStr) for argument in given):
        raise AssertionError(f"{path}:{call.lineno}: an f-string cannot be translated")
    words = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if len(words) == wanted:
        yield words[0], words[1] if wanted == 2 else None


def everything() -> dict[Marked, list[str]]:
    """Every marked string to the files that show it."""
    from doorstep.apps.record.checking import sentences
    from doorstep.engine.count.page.words import COUNTED, HOW, WORDS
    from doorstep.engine.count.words import CARRIED, PLURALS, TEMPLATES
    from doorstep.engine.forecast.scenario import CLASS, SECTIONS
    from doorstep.engine.need import words as need

    found: dict[Marked, list[str]] = {
        (one, None): ["apps/record/static/record/verify"] for one in sentences()
    }
    for path, marked in [*in_templates(), *in_python()]:
        found.setdefault(marked, []).append(str(path.relative_to(PACKAGE)))
    plurals = (form for forms in PLURALS.values() for form in forms)
    for template in [*TEMPLATES.values(), *CARRIED.values(), *plurals]:
        found.setdefault((template, None), []).append("engine/count/words.py")
    for field in [*CLASS.values(), *(one for known in SECTIONS.values() for one in known.values())]:
        found.setdefault((field.means, None), []).append("engine/forecast/scenario.py")
    for told in [*need.TEMPLATES.values(), *need.PLACES, *need.HELD, need.EXTRA_PENNY]:
        found.setdefault((told, None), []).append("engine/need/words.py")
    for told in [
        *WORDS.values(),
        *HOW.values(),
        *(one for forms in COUNTED.values() for one in forms),
    ]:
        found.setdefault((told, None), []).append("engine/count/page/words.py")
    return found
