"""Every marked string has its Welsh, with the same gaps to fill, and no Welsh outlives it."""

import ast
import re
from collections import Counter
from datetime import date

import polib
import pytest
from django.utils import translation

from doorstep.site.server import SOURCES
from doorstep.site.words import counted, day
from tests.site import marked

CATALOGUE = SOURCES / "cy" / "LC_MESSAGES" / "django.po"
GAP = re.compile(r"%\(\w+\)s|%%")


@pytest.fixture(scope="module")
def welsh() -> dict[marked.Marked, polib.POEntry]:
    return {
        (entry.msgid, entry.msgid_plural or None): entry for entry in polib.pofile(str(CATALOGUE))
    }


@pytest.fixture(scope="module")
def strings() -> dict[marked.Marked, list[str]]:
    return marked.everything()


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_string_has_its_welsh(welsh, strings):
    missing = [
        f"{files[0]}: {msgid!r}"
        for (msgid, plural), files in strings.items()
        if (msgid, plural) not in welsh or not all(forms(welsh[msgid, plural]))
    ]
    assert not missing, (
        f"{len(missing)} strings have no Welsh. Add them to {CATALOGUE.name} "
        "(msgid, msgstr; four msgstr[n] for a plural):\n" + "\n".join(missing)
    )


def test_every_string_is_translated_in_one_place():
    said = Counter((entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE)))
    twice = [msgid for (_context, msgid), times in said.items() if times > 1]
    assert not twice, "A later change would be made in one of the two:\n" + "\n".join(twice)


def test_no_welsh_outlives_its_string(welsh, strings):
    stale = [msgid for msgid, plural in welsh if (msgid, plural) not in strings]
    assert not stale, "Nothing on the site says these any more; take them out:\n" + "\n".join(stale)


def test_every_gap_is_filled_by_the_same_name(welsh):
    wrong = [
        f"{msgid!r}: {form!r}"
        for (msgid, plural), entry in welsh.items()
        for form in forms(entry)
        if set(GAP.findall(form)) != set(GAP.findall(msgid)) | set(GAP.findall(plural or ""))
    ]
    assert not wrong, "\n".join(wrong)


def test_links_inside_words_lead_to_the_same_place(welsh):
    link = re.compile(r'href="([^"]*)"')
    for (msgid, _plural), entry in welsh.items():
        for form in forms(entry):
            assert sorted(link.findall(form)) == sorted(link.findall(msgid)), msgid


def test_welsh_has_four_forms_of_number(welsh):
    for entry in welsh.values():
        assert not entry.msgid_plural or len(entry.msgstr_plural) == 4
    with translation.override("cy"):
        years = [counted(n, "years") for n in (1, 2, 5, 8)]
        assert years == ["1 flwyddyn", "2 flynedd", "5 o flynyddoedd", "8 o flynyddoedd"]
        assert counted(1200, "people") == "1,200 o bobl"
        assert day(date(2026, 5, 3)) == "3 Mai 2026"


def test_the_finder_finds_each_way_of_marking():
    template = (
        '{% load i18n %}{% translate "One" %}{% translate "Two" as two %}'
        '{% state_tag _("Three") "good" %}'
        "{% blocktranslate with a=b %}Four {{ a }}{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} five{% plural %}{{ n }} fives{% endblocktranslate %}"
    )
    found = list(marked._calls_in(marked.templatize(template, origin="x")))
    assert found == [
        ("One", None),
        ("Two", None),
        ("Three", None),
        ("Four %(a)s", None),
        ("%(n)s five", "%(n)s fives"),
    ]


# What an operator or a witness types in a terminal is answered there, in English.
COMMANDS = {
    "apps/record/actions/checkpoints.py",
    "apps/record/copying.py",
    "apps/record/folder.py",
    "apps/record/keys.py",
    "apps/record/publishing.py",
    "apps/record/timestamps.py",
    "apps/rounds/importing.py",
    "site/bundle.py",
    "site/checked_apart.py",
    "site/funding.py",
    "site/management/__init__.py",
    "site/operations.py",
    "site/publication.py",
    "site/restored/figures.py",
    "site/restored/reading.py",
    "site/restored/restore.py",
    "site/restored/shapes.py",
    "site/server.py",
    "site/upkeep/archive.py",
    "site/upkeep/backup.py",
    "site/upkeep/checking.py",
    "site/upkeep/copies.py",
    "site/upkeep/drill.py",
    "site/upkeep/recovery.py",
    "site/upkeep/replica.py",
}


def test_every_refusal_can_be_said_in_welsh():
    """A refusal's words come from gettext: a bare string would be English on a Welsh page."""
    bare = [
        f"{path.relative_to(marked.PACKAGE)}:{node.lineno}"
        for path in sorted(marked.PACKAGE.rglob("*.py"))
        if str(path.relative_to(marked.PACKAGE)) not in COMMANDS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refused"
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert not bare, (
        "Wrap these in _(), or name the file in COMMANDS if only a terminal says it:\n"
        + "\n".join(bare)
    )
