"""Asks every address as everybody: each role, here and elsewhere, without a second step, and none.

The list comes from the URLconf, so no address is left out; each is opened and sent a form. Then the
settings, headers, cookies and answers of production (T27).
"""

from xml.etree import ElementTree

from bench.torture import Figure, Options
from bench.torture.frame.tests import repeated

NUMBERS = ("T22", "T27")
EACH_DATABASE = True

PLACES = ("tests/site/test_nobody_reaches_into_another_place.py", "tests/site/test_routes.py")
LOCKS = (
    "tests/site/test_production_is_locked_down.py",
    "tests/site/test_an_answer_says_what_it_is.py",
    "tests/site/test_a_form_comes_so_often_and_no_more.py",
)


def main(options: Options) -> list[Figure]:
    passed, leaks = repeated(options, *PLACES)
    asked = f"{_asked(options):,} requests; {passed} tests held; leaks {len(leaks)}"
    held, findings = repeated(options, *LOCKS)
    told = f"{held} tests held; findings {len(findings)}"
    return [
        Figure("T22", "every address as everybody", "; ".join([asked, *leaks]), not leaks),
        Figure("T27", "production", "; ".join([told, *findings]), not findings),
    ]


def _asked(options: Options) -> int:
    """How many requests the tests say that they made."""
    told = ElementTree.parse(options.folder / "junit.xml").iter("property")
    return sum(int(one.get("value", "0")) for one in told if one.get("name") == "asked")
