"""Grouping votes on raw bytes, in C or by columns, gives what reading row by row gives.

Or it leaves the file to that.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from doorstep.engine.count import Election, PabulibError, grouping, pabulib, write_pabulib
from doorstep.engine.count.kernel.library import library
from doorstep.engine.count.reader import Reader
from tests.engine.count.test_no_file_breaks_the_reader import SCRAPS, mutated
from tests.engine.count.test_pabulib_is_read_one_way_or_refused import GOOD, SCORED, changed
from tests.engine.count.toys import VOTE_TYPES, toy

RANKED = GOOD.replace("approval", "ordinal")


def outcome_of(read: Callable[[], Election]) -> Election | str:
    """The election, or the line of a refusal."""
    try:
        return read()
    except PabulibError as error:
        return str(error)


@pytest.fixture(autouse=True)
def _files_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pabulib, "FEW_BYTES", 0)


def both(data: bytes) -> bool:
    """Whether the fast way read it; where it did, the two elections are equal. Where it did not,
    read_pabulib ends as reading row by row does, to the line of a refusal."""
    slow = outcome_of(Reader("any.pb", data).election)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DOORSTEP_COUNT_LAYER", "numpy")
        fast = pabulib._grouped("any.pb", data)
        if library():
            patched.setenv("DOORSTEP_COUNT_LAYER", "kernel")
            assert pabulib._grouped("any.pb", data) == fast
    if fast is not None:
        assert fast == slow
        assert fast.ballots == slow.ballots
        return True
    assert outcome_of(lambda: pabulib.read_pabulib(data, name="any.pb")) == slow
    return False


def test_every_real_election_is_read_alike(elections: Path) -> None:
    fast = [both(path.read_bytes()) for path in sorted(elections.glob("*.pb"))]
    assert len(fast) == 611
    assert sum(fast) == 611


def test_nothing_but_blank_ballots_is_read_alike() -> None:
    for good in (GOOD, SCORED, RANKED):
        head = good[: good.index("1;")].replace("num_votes;4", "num_votes;2")
        assert both(f"{head}1;;\n2;;\n".encode())


def test_made_up_elections_of_every_kind_are_read_alike() -> None:
    for vote_type in VOTE_TYPES:
        for seed in range(150):
            both(write_pabulib(toy(seed, vote_type)))


def crowds(seed: int) -> Iterator[bytes]:
    """Files whose ids have every length around eight bytes, with long and repeated votes."""
    rng = random.Random(seed)
    ids = [rng.choice("abcé") * rng.randint(1, 3) + str(n) * rng.randint(1, 7) for n in range(30)]
    for vote_type in VOTE_TYPES:
        projects = "".join(f"{one};{rng.randint(1, 9)}\n" for one in ids)
        rows = []
        for n in range(60):
            named = rng.sample(ids, rng.choice((0, 1, 1, 2, 3, 20)))
            if vote_type == "choose-1":
                named = named[:1]
            points = [rng.choice(("0", "1", "2.5", "12345678", "7", "0.0")) for _ in named]
            row = [f"{n}" * rng.randint(1, 6), ",".join(named), ",".join(points), "x y"]
            rows += [";".join(row)]
        votes = "\n".join(rows)
        yield (
            f"META\nkey;value\nbudget;50\nvote_type;{vote_type}\nPROJECTS\nproject_id;cost\n"
            f"{projects}VOTES\nvoter_id;vote;points;age\n{votes}"
        ).encode()


def test_ids_and_votes_of_any_length_are_read_alike() -> None:
    fast = [both(data) for seed in range(60) for data in crowds(seed)]
    assert sum(fast) > 150


@pytest.mark.parametrize("good", [GOOD, SCORED, RANKED], ids=["approval", "points", "ranks"])
def test_a_good_file_and_its_windows_form_go_the_fast_way(good: str) -> None:
    assert both(good.encode())
    assert both(good.replace("\n", "\r\n").encode())
    assert both(("\ufeff" + good).encode())
    assert both((good + "\n\n").encode())
    assert both(good.rstrip("\n").encode())
    assert both(good[: good.index("4;;")].rstrip("\n").replace("votes;4", "votes;3").encode())


ODD = {
    "a quotation mark": ("2;b;41", '2;"b";41'),
    "a lone carriage return": ("2;b;41\n", "2;b;41\r"),
    "a space at an id": ("2;b;41", " 2;b;41"),
    "another space at an id": ("2;b;41", "2\u00a0;b;41"),
    "a space in a vote": ("3;b,a;22", "3;b, a;22"),
    "a missing field": ("2;b;41", "2;b"),
    "a field too many": ("2;b;41", "2;b;41;"),
    "a blank row": ("2;b;41\n", "2;b;41\n\n"),
    "a row of separators": ("2;b;41\n", "2;b;41\n;;\n"),
    "an unknown project": ("2;b;41", "2;d;41"),
    "an id that begins like another": ("2;b;41", "2;bb;41"),
    "no project between commas": ("3;b,a;22", "3;b,,a;22"),
    "a voter twice": ("2;b;41", "1;b;41"),
    "a voter without id": ("2;b;41", ";b;41"),
    "a section after the votes": ("4;;70", "votes;;"),
    "a zero byte": ("2;b;41", "2;b;\x004"),
    "half a letter": ("2;b;41", "2;b;41\udcc5"),
    "a header of another size": ("voter_id;vote;age", "voter_id;vote"),
    "a giant field": ("2;b;41", f"2;b;{'4' * 100_001}"),
}


# What may follow the first byte of a letter, and what just may not.
EDGES = [
    bytes([second]) + b"\x80" * more
    for second in (0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0)
    for more in range(3)
]


@pytest.mark.parametrize("case", ODD)
def test_whatever_is_odd_is_read_row_by_row(case: str) -> None:
    old, new = ODD[case]
    assert old in GOOD
    data = GOOD.replace("num_votes;4\n", "").replace(old, new)
    assert not both(data.encode(errors="surrogateescape"))


def test_what_is_utf_8_is_told_alike() -> None:
    """Every start of a letter there is, with odd, even and missing ends, and whole letters cut."""
    assert b"2;b;41" in GOOD.encode()
    letters = [chr(n).encode() for n in (0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000)]
    letters += [chr(0x10FFFF).encode(), b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]
    odd = [letter[: n + 1] for letter in letters for n in range(len(letter))]
    odd += [bytes([lead, *rest]) for lead in range(0x80, 0x100) for rest in EDGES]
    fast = 0
    for some in odd:
        fast += both(GOOD.encode().replace(b"2;b;41", b"2;b;" + some))
    assert len(letters) - 2 < fast < len(odd) - 2


def test_a_project_named_twice_is_left_to_the_reader_where_order_or_points_matter() -> None:
    twice = ("3;b,a;22", "3;b,a,b;22")
    assert both(changed(*twice))
    assert not both(changed(*twice, RANKED))
    for points in ("1,2", "1,0", "0,0"):
        assert not both(changed("b,a;1,2", f"b,b;{points}", SCORED))


def test_fingerprints_that_collide_cost_time_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = GOOD.replace("a,b;30", "a,b,c,a,b;30").replace("b,a;22", "c,b,a,c,b;22").encode()
    assert both(data)
    mixed = grouping._fingerprints
    monkeypatch.setattr(
        grouping,
        "_fingerprints",
        lambda these: np.where(these.size > 8, np.uint64(5), mixed(these)),
    )
    monkeypatch.setenv("DOORSTEP_COUNT_LAYER", "numpy")
    assert pabulib._grouped("any.pb", data) is None


def test_the_plain_layer_reads_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pabulib._grouped("any.pb", GOOD.encode()) is not None
    for layer in ("plain", "unheard of"):
        monkeypatch.setenv("DOORSTEP_COUNT_LAYER", layer)
        assert pabulib._grouped("any.pb", GOOD.encode()) is None
        assert pabulib.read_pabulib(GOOD.encode()).voters == 4


@pytest.mark.skipif(not library(), reason="there is no kernel here")
def test_many_voters_out_of_order_are_told_apart() -> None:
    """Enough of them for every table of the kernel to grow, and one id that comes twice."""
    ids = [f"{n * 7919 % 100_003}" for n in range(30_000)]
    projects = [f"p{n}" for n in range(900)]
    rng = random.Random(2)
    rows = [f"{one};{','.join(rng.sample(projects, rng.randint(0, 9)))}" for one in ids]
    head = "META\nkey;value\nbudget;9\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
    head += "".join(f"{one};1\n" for one in projects) + "VOTES\nvoter_id;vote\n"
    assert both((head + "\n".join(rows)).encode())
    assert not both((head + "\n".join([*rows, rows[17]])).encode())


@pytest.mark.parametrize("block", range(4))
def test_mutations_of_good_files_are_read_alike(block: int) -> None:
    rng = random.Random(block)
    goods = [GOOD, SCORED, RANKED, GOOD.replace("\n", "\r\n")]
    fast = 0
    for _ in range(1_500):
        fast += both(mutated(rng, rng.choice(goods).encode()))
    assert fast > 100


def test_mutations_among_the_votes_are_read_alike() -> None:
    rng = random.Random(11)
    fast = 0
    for _ in range(4_000):
        good = rng.choice([GOOD, SCORED, RANKED]).replace("num_votes;4\n", "").encode()
        at = rng.randrange(good.index(b"VOTES"), len(good) + 1)
        scrap = rng.choice([*SCRAPS, "VOTES", "5;a;1\n", "6;;\n", "\r\n", ";;\n"]).encode()
        fast += both(good[:at] + scrap + good[at + rng.randint(0, 2) :])
    assert fast > 300


def test_mutations_of_a_real_file_are_read_alike(real: Callable[[str], Election]) -> None:
    rng = random.Random(5)
    data = write_pabulib(real("Poland_Warszawa_2018_Niskie_Okecie.pb"))
    for _ in range(60):
        both(mutated(rng, data))
