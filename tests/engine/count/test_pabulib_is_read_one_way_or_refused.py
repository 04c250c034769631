"""A .pb file is read as documented, or refused in one line with its file and line number."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from doorstep.engine.count import PabulibError, read_pabulib, reader
from doorstep.engine.seal.recount.ballots import read_ballots

GOOD = """META
key;value
description;A made-up vote
num_projects;3
num_votes;4
budget;1000
vote_type;approval
currency;GBP
PROJECTS
project_id;cost;name;category
a;400;Kitchen;food
b;500;Paths;places
c;300;Swings;play
VOTES
voter_id;vote;age
1;a,b;30
2;b;41
3;b,a;22
4;;70
"""


def changed(old: str, new: str, text: str = GOOD) -> bytes:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1).encode()


def refusal(data: bytes | str) -> str:
    with pytest.raises(PabulibError) as caught:
        read_pabulib(data if isinstance(data, bytes) else data.encode(), name="vote.pb")
    text = str(caught.value)
    assert re.fullmatch(r"vote\.pb:\d+: .+", text), text
    assert "\n" not in text
    assert len(text) < 350
    assert text == f"{caught.value.file}:{caught.value.line}: {caught.value.what}"
    return text


def test_costs_of_a_million_billion_are_read_by_both_readers() -> None:
    data = changed("a;400", "a;1000000000000000").replace(b"budget;1000", b"budget;" + b"9" * 18)
    election = read_pabulib(data)
    assert (election.projects[0].cost, election.budget) == (10**15, 10**18 - 1)
    again = read_ballots(data)
    assert (again.projects[0].cost, again.pot) == (10**15, 10**18 - 1)


def test_a_good_file() -> None:
    election = read_pabulib(GOOD.encode())
    assert [(p.id, p.name, p.cost) for p in election.projects] == [
        ("a", "Kitchen", 400), ("b", "Paths", 500), ("c", "Swings", 300)
    ]  # fmt: skip
    assert election.projects[0].extra == {"category": "food"}
    assert election.budget == 1000
    assert election.currency == "GBP"
    assert election.voters == 4
    assert {(b.choices, b.weight) for b in election.ballots} == {((), 1), ((0, 1), 2), ((1,), 1)}


READ_AS = {
    "a byte order mark": ("META", "\ufeffMETA"),
    "windows line ends": ("\n", "\r\n"),
    "spaces around fields": ("b;500;Paths", " b ; 500 ; Paths "),
    "spaces around ids": ("3;b,a;22", "3; b , a ;22"),
    "blank lines": ("VOTES", "\n\nVOTES"),
    "sections with trailing separators": ("VOTES\n", "VOTES;;\n"),
    "lower case sections": ("PROJECTS", "projects"),
    "a project named twice on a ballot": ("3;b,a;22", "3;b,a,b;22"),
    "a comma too many": ("3;b,a;22", "3;b,,a,;22"),
    "decimals that are none": ("budget;1000", "budget;1000.00"),
    "missing cells at the end": ("4;;70", "4"),
    "no counts in META": ("num_votes;4\n", ""),
    "any ids of voters": ("4;;70", "x-9;;70"),
}


@pytest.mark.parametrize("case", READ_AS)
def test_read_as_the_same_election(case: str) -> None:
    old, new = READ_AS[case]
    text = GOOD.replace(old, new) if case == "windows line ends" else changed(old, new).decode()
    good, other = read_pabulib(GOOD.encode()), read_pabulib(text.encode())
    assert (other.projects, other.ballots, other.voters, other.budget) == (
        good.projects, good.ballots, good.voters, good.budget
    )  # fmt: skip


def test_decimal_points_and_decimal_commas() -> None:
    data = changed("a;400", "a;400,5").decode().replace("budget;1000", "budget;1000.25").encode()
    election = read_pabulib(data)
    assert election.projects[0].cost == Fraction(801, 2)
    assert election.budget == Fraction(4001, 4)


def test_quoted_texts_with_semicolons_newlines_and_quotes() -> None:
    text = changed("a;400;Kitchen;", 'a;400;"A ""big"" kitchen;\nwith a table";').decode()
    text = text.replace("currency;GBP", 'comment;"one\r\ntwo"\ncurrency;GBP')
    election = read_pabulib(text.encode())
    assert election.projects[0].name == 'A "big" kitchen;\nwith a table'
    assert election.meta["comment"] == "one\ntwo"
    assert "vote.pb:21: " in refusal(text.replace("3;b,a;22", "3;b,q;22").replace("\r", ""))


def test_points_and_ranks() -> None:
    scored = GOOD.replace("approval", "cumulative").replace("vote;age", "vote;points")
    scored = (
        scored.replace("a,b;30", "a,b;2,1").replace("2;b;41", "2;b;0").replace("b,a;22", "b,a;1,2")
    )
    election = read_pabulib(scored.replace("4;;70", "4;;").encode())
    assert {(b.choices, b.points, b.weight) for b in election.ballots} == {
        ((0, 1), (2, 1), 2), ((), (), 2)
    }  # fmt: skip
    ranked = read_pabulib(changed("approval", "ordinal"))
    assert {(b.choices, b.weight) for b in ranked.ballots} == {
        ((), 1), ((0, 1), 1), ((1, 0), 1), ((1,), 1)
    }  # fmt: skip


REFUSED = {
    "an empty file": ("", "vote.pb:1: the section META is missing"),
    "something else": ("id,name\n1,x\n", "vote.pb:1: the file does not begin with META"),
    "no PROJECTS": (changed("PROJECTS\n", ""), "vote.pb:13: VOTES comes here: expected PROJECTS"),
    "no VOTES": (GOOD[: GOOD.index("VOTES")], "vote.pb:13: the section VOTES is missing"),
    "sections twice": (GOOD + "VOTES\nvoter_id;vote\n", "vote.pb:20: VOTES comes after"),
    "a header lost": (changed("key;value\n", ""), "vote.pb:2: the header of META has no key"),
    "a column lost": (changed("cost;name", "price;name"), "vote.pb:10: the header of PROJECTS"),
    "a column twice": (changed("name;category", "name;name"), "vote.pb:10: two columns"),
    "no points": (changed("approval", "scoring"), "vote.pb:15: scoring votes need a column of"),
    "no budget": (changed("budget;1000\n", ""), "vote.pb:1: META has no budget"),
    "an empty budget": (changed("budget;1000", "budget;"), "vote.pb:6: META has no budget"),
    "a budget of nothing": (changed("budget;1000", "budget;0"), "vote.pb:6: the budget is zero"),
    "a budget in words": (changed("1000", "a lot"), "vote.pb:6: the budget is 'a lot'"),
    "budget twice": (changed("budget;1000", "budget;1000\nbudget;9"), "vote.pb:7: budget is writt"),
    "an unknown vote type": (changed("approval", "quadratic"), "vote.pb:7: vote_type is 'quadrat"),
    "no vote type": (changed("vote_type;approval\n", ""), "vote.pb:1: META has no vote_type"),
    "thousands or decimals": (changed("a;400", "a;1,400"), "vote.pb:11: the cost of project a is"),
    "a negative cost": (
        changed("a;400", "a;-400"),
        "vote.pb:11: the cost of project a is '-400', b",
    ),
    "a cost in exponents": (changed("a;400", "a;4e9"), "vote.pb:11: the cost of project a is"),
    "no cost": (changed("a;400", "a;"), "vote.pb:11: the cost of project a is ''"),
    "a cost of infinity": (changed("a;400", "a;inf"), "vote.pb:11: the cost of project a is"),
    "foreign digits": (changed("a;400", "a;٤٠٠"), "vote.pb:11: the cost of project a is"),
    "an endless number": (
        changed("a;400", "a;" + "9" * 5000),
        f"vote.pb:11: the cost of project a is '{'9' * 37}...', more than 18 digits before the",
    ),
    "a long fraction": (changed("a;400", "a;4.0000000001"), "vote.pb:11: the cost of project"),
    "a project twice": (changed("b;500", "a;500"), "vote.pb:12: project a appears twice"),
    "a project without id": (changed("b;500", ";500"), "vote.pb:12: the project id ''"),
    "an id with a comma": (changed("b;500", "a,b;500"), "vote.pb:12: the project id 'a,b'"),
    "more fields than columns": (
        changed("Paths;places", "Paths;to;places"),
        "vote.pb:12: 5 fields",
    ),
    "an unknown project": (changed("2;b;", "2;d;"), "vote.pb:17: the vote names 'd'"),
    "a voter twice": (changed("2;b;", "1;b;"), "vote.pb:17: voter 1 already voted on line 16"),
    "a voter without id": (changed("2;b;", ";b;"), "vote.pb:17: the voter has no id"),
    "votes lost": (changed("4;;70\n", ""), "vote.pb:5: num_votes says 4, but the file has 3"),
    "projects lost": (changed("c;300;Swings;play\n", ""), "vote.pb:4: num_projects says 3"),
    "a second choice": (changed("approval", "choose-1"), "vote.pb:16: a choose-1 vote names more"),
    "an unclosed quotation mark": (changed("Kitchen", '"Kitchen'), "the section VOTES is missing"),
    "a zero byte": (changed("Kitchen", "Kit\0chen"), "vote.pb:11: a zero byte"),
    "another encoding": (
        GOOD.replace("Paths", "Ścieżki").encode("cp1250"),
        "vote.pb:12: byte 0x8c",
    ),
    "two bytes a letter": (GOOD.encode("utf-16"), "vote.pb:1: a zero byte"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(255, 0, -1)), "vote.pb:1: byte 0x89"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_file_and_line(case: str) -> None:
    data, says = REFUSED[case]
    assert says in refusal(data)


SCORED = GOOD.replace("approval", "scoring").replace("vote;age", "vote;points").replace(
    "a,b;30", "a,b;2,1"
).replace("2;b;41", "2;b;3").replace("b,a;22", "b,a;1,2").replace("4;;70", "4;;")  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("a,b;2,1", "a,b;2", "vote.pb:16: 2 projects but 1 points"),
        ("a,b;2,1", "a,;2,1", "vote.pb:16: 2 projects but 2 points"),
        ("2;b;3", "2;;3", "vote.pb:17: 0 projects but 1 points"),
        ("2;b;3", "2;b;-3", "vote.pb:17: the points is '-3', below zero"),
        ("2;b;3", "2;b;many", "vote.pb:17: the points is 'many', not a plain number"),
        ("b,a;1,2", "b,b;1,2", "vote.pb:18: the vote gives points to one project twice"),
    ],
)
def test_points_that_do_not_fit_are_refused(old: str, new: str, says: str) -> None:
    read_pabulib(SCORED.encode())
    assert says in refusal(changed(old, new, SCORED))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pb", tmp_path, tmp_path / "nul\0.pb"):
        with pytest.raises(PabulibError, match="cannot be opened"):
            read_pabulib(path)


def test_a_gigabyte_of_zeros_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "zeros.pb"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(PabulibError, match=r"^zeros\.pb:1: the file is over 32 MB"):
        read_pabulib(path)
    with pytest.raises(PabulibError, match="the file is over 32 MB"):
        read_pabulib(Path("/dev/zero"))


def test_a_giant_line_is_refused() -> None:
    long = "x" * (reader.MOST_IN_A_FIELD + 1)
    assert "vote.pb:11: " in refusal(changed("Kitchen", long))
    assert "vote.pb:11: " in refusal(changed("Kitchen", ";" * 1_000_000))
    assert "vote.pb:11: " in refusal(changed("Kitchen", '"' + "y\n" * 500_000))


def test_more_voters_than_an_election_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_VOTERS", 3)
    assert "vote.pb:19: VOTES has over 3 rows" in refusal(GOOD)
    monkeypatch.setattr(reader, "MOST_PROJECTS", 2)
    assert "vote.pb:13: PROJECTS has over 2 rows" in refusal(GOOD)


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = refusal(changed("2;b;", "2;\x1b[2J\u202e;"))
    assert "\x1b" not in text
    assert "\u202e" not in text
