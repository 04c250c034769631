"""What is typed is decoded once, means what it says, and is never a pattern, a query, a command or
a second answer to the same question."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse

import doorstep
from doorstep.apps.ideas.actions import Said
from doorstep.apps.ideas.models import Idea
from doorstep.apps.ideas.queries import ideas_of, search
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.places.queries import find_street
from tests.apps.ideas.proposing import proposed, taking_ideas
from tests.apps.places.conftest import borough
from tests.millbrook import place_with_money

__all__ = ["borough"]  # a fixture of this file too
SOURCES = Path(doorstep.__file__).parent
IDEAS = "/rounds/round-one/ideas/"
PATTERNS = (
    "%",
    "_",
    "%%",
    "__",
    "%itchen",
    "k_tchen",
    "kitche_",
    "*",
    "?",
    ".*",
    "[a-z]",
    "\\",
    "^",
)
AS_SQL = ("' OR 1=1 --", "x' OR '1'='1", "'; DROP TABLE ideas_idea; --", '" OR ""="', "1) OR (1=1")
EVERYTHING_RUNS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execl", "os.execlp",
    "os.spawnl", "subprocess.getoutput", "subprocess.getstatusoutput", "pickle.load",
    "pickle.loads", "marshal.load", "marshal.loads", "shelve.open", "yaml.load",
}  # fmt: skip
STARTS = {"subprocess.run", "subprocess.Popen", "subprocess.check_output", "subprocess.call"}


@pytest.fixture
def round_(db):
    """A round with a kitchen, and a bench that is half off."""
    made = taking_ideas()
    proposed(made)
    bench = Said("A bench at 50% off", "The under_score wood of C:\\yard.", where="By the stop")
    proposed(made, bench, "bob@millbrook.example")
    return made


def titles(round_, words: str) -> list[str]:
    return sorted(idea.title.text for idea in search(ideas_of(round_), words=words))


KITCHEN, BENCH = "A new kitchen", "A bench at 50% off"


@pytest.mark.parametrize("typed", PATTERNS)
def test_a_sign_of_a_pattern_finds_only_what_has_that_sign(round_, typed):
    said = {KITCHEN: "a new kitchen for the lunch club on thursdays, forty people come."}
    said[BENCH] = "a bench at 50% off the under_score wood of c:\\yard. by the stop"
    assert titles(round_, typed) == sorted(name for name in said if typed in said[name])


def test_a_word_with_such_a_sign_is_found(round_):
    assert titles(round_, "50%") == titles(round_, "under_score") == [BENCH]
    assert titles(round_, "c:\\yard") == [BENCH]
    assert titles(round_, "kitchen") == [KITCHEN]
    assert titles(round_, "5_%") == titles(round_, "under%score") == []


@pytest.mark.parametrize("typed", AS_SQL)
def test_what_would_be_sql_elsewhere_finds_nothing_and_harms_nothing(round_, client, typed):
    assert titles(round_, typed) == []
    answer = client.get(IDEAS, {"q": typed, "theme": typed, "state": typed, "page": typed})
    assert answer.status_code == 200
    assert KITCHEN not in answer.content.decode()
    assert Idea.objects.count() == 2


@pytest.mark.parametrize("typed", ["Mill L_ne", "Mill%", "%", "_", "ZA1 1__", "ZA1%", "za1 1a_"])
def test_no_sign_of_a_pattern_finds_a_street(borough, typed):
    """A sign is left out or kept as it is; it never stands for other letters."""
    bare = typed.replace("%", " ").replace("_", " ")
    assert find_street(typed).streets in (find_street(bare).streets, ())


@pytest.mark.django_db
def test_no_sign_of_a_pattern_reaches_the_money_of_others():
    place_with_money(slug="mill-east")
    for slug in ("mill%east", "mill_east", "%", "_" * 9, "mill-eas_"):
        assert place_money(slug) is None
    assert place_money("mill-east") is not None


@pytest.mark.parametrize("about", ["%", "_", "round%", "roun_", "%25"])
def test_no_sign_of_a_pattern_chooses_lines_of_the_record(round_, client, about):
    lines = client.get("/api/v1/leaves").json()["items"]
    assert lines
    asked = client.get("/api/v1/leaves", {"about": about})
    assert asked.status_code == 422 or asked.json()["items"] == []


def test_an_address_is_decoded_once(round_, client):
    number = Idea.objects.get(title__text=KITCHEN).number
    assert client.get(f"/ideas/%3{number}/").status_code == 200
    assert client.get(f"/ideas/%253{number}/").status_code == 404
    assert client.get("/%2569deas/1/").status_code == 404
    once = client.get(f"{IDEAS}?q=%2541%253Cb%253E").content.decode()
    assert 'value="%41%3Cb%3E"' in once
    assert KITCHEN not in once
    assert KITCHEN in client.get(f"{IDEAS}?q=%6bitchen").content.decode()
    assert KITCHEN not in client.get(f"{IDEAS}?q=%256bitchen").content.decode()


def test_letters_written_as_marks_stay_marks(round_, client):
    """An entity, an escape of a script or of a form is no letter, and none is made of it."""
    for typed in ("&#107;itchen", "\\u006bitchen", "%6bitchen", "=6Bitchen", "kitch&shy;en"):
        answer = client.get(IDEAS, {"q": typed}).content.decode()
        assert KITCHEN not in answer, typed


def test_of_a_question_asked_twice_the_last_counts_everywhere(round_, client):
    for first, last, found in (("bench", "kitchen", KITCHEN), ("kitchen", "bench", BENCH)):
        said = client.get(f"{IDEAS}?q={first}&q={last}").content.decode()
        assert found in said
        assert {KITCHEN, BENCH} - {found} == {name for name in (KITCHEN, BENCH) if name not in said}
    sent = "language=en-gb&language=cy&next=/accessibility/&next=/source/"
    form = "application/x-www-form-urlencoded"
    answer = client.post("/language/", sent, content_type=form)
    assert answer["Location"] == "/source/"
    assert {cookie.value for cookie in answer.cookies.values()} == {"cy"}


def test_what_stands_in_the_address_of_a_form_is_no_answer_in_it(client, db):
    """Nor is a header or a cookie of the same name."""
    answer = client.post(
        f"{reverse('language')}?language=cy&next=/source/",
        {"language": "en-gb", "next": "/accessibility/"},
        headers={"language": "cy", "next": "/source/"},
    )
    assert answer["Location"] == "/accessibility/"
    assert {cookie.value for cookie in answer.cookies.values()} == {"en-gb"}
    nothing = client.post(f"{reverse('language')}?language=cy")
    assert not nothing.cookies


def calls() -> list[tuple[str, ast.Call]]:
    """Every call in the product, with where it stands."""
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                found.append((f"{path.relative_to(SOURCES)}:{node.lineno}", node))
    return found


def test_nothing_that_could_be_typed_is_run_unpickled_or_given_to_a_shell():
    wrong, started = [], 0
    for where, call in calls():
        name = ast.unparse(call.func)
        if name in EVERYTHING_RUNS:
            wrong.append(f"{where} calls {name}")
        if name in STARTS:
            started += 1
            words = call.args[0] if call.args else None
            if any(one.arg == "shell" for one in call.keywords):
                wrong.append(f"{where} asks a shell")
            if isinstance(words, ast.Constant | ast.JoinedStr):
                wrong.append(f"{where} starts one string: give a list of words")
    assert not wrong, "\n".join(wrong)
    assert started > 4, "the test looks at nothing"
