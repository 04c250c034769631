"""One seed draws the same vouchers each time; each penny has one chance; no large sum escapes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.engine.sampling import Voucher, draw, sample_size

SUMS = st.lists(st.integers(1, 10**9), min_size=1, max_size=60)
SEEDS = st.binary(max_size=40)


def vouchers(sums: list[int]) -> list[Voucher]:
    return [Voucher(f"p-{n}", pence) for n, pence in enumerate(sums)]


def test_a_draw_worked_out_by_hand() -> None:
    # SHA-256("seed\nstart") mod 100 and the order by SHA-256("seed\norder\n" + name), done apart.
    from hashlib import sha256

    start = int(sha256(b"seed\nstart").hexdigest(), 16) % 100
    names = sorted("abcd", key=lambda n: sha256(b"seed\norder\n" + n.encode()).hexdigest())
    line = [name for name in names for _penny in range(25)]
    wanted = {line[start // 2], line[(start + 100) // 2]}
    found = draw([Voucher(name, 25) for name in "abcd"], 2, b"seed")
    assert {one.voucher.name for one in found.picked} == wanted
    assert (found.interval, found.total, found.vouchers) == (50, 100, 4)


@given(SUMS, SEEDS, st.data())
def test_the_order_in_which_they_come_draws_nothing_else(sums, seed, data) -> None:
    size = data.draw(st.integers(1, len(sums)))
    first = draw(vouchers(sums), size, seed)
    assert draw(vouchers(sums)[::-1], size, seed) == first
    assert 1 <= len(first.picked) <= size


@given(SUMS, SEEDS, st.data())
def test_whatever_is_as_large_as_the_interval_is_always_drawn(sums, seed, data) -> None:
    size = data.draw(st.integers(1, len(sums)))
    found = draw(vouchers(sums), size, seed)
    drawn = {one.voucher.name for one in found.picked}
    large = {one.name for one in vouchers(sums) if one.pence * size >= sum(sums)}
    assert large <= drawn
    assert {one.voucher.name for one in found.picked if one.certain} == large


def test_each_penny_has_the_same_chance() -> None:
    # 10 of 40 pence, one position: a quarter of the seeds, give or take four standard deviations.
    given_ = [Voucher("small", 10), Voucher("large", 30)]
    hits = sum(
        draw(given_, 1, str(n).encode()).picked[0].voucher.name == "small" for n in range(4_000)
    )
    assert abs(hits - 1_000) < 4 * (4_000 * 0.25 * 0.75) ** 0.5


def test_an_empty_year_draws_nothing_and_what_cannot_be_is_refused() -> None:
    assert draw([], 0, b"x").picked == ()
    for given_, size in [
        ([Voucher("a", 1), Voucher("a", 2)], 1),
        ([Voucher("a", 0)], 1),
        ([Voucher("a", 1)], 2),
        ([Voucher("a", 1)], 0),
        ([], 1),
    ]:
        with pytest.raises(ValueError, match=r"[Vv]oucher"):
            draw(given_, size, b"x")


@pytest.mark.parametrize(
    ("there", "drawn"), [(0, 0), (3, 3), (5, 5), (50, 5), (51, 6), (1000, 100)]
)
def test_a_tenth_and_at_least_five(there, drawn) -> None:
    assert sample_size(there, 10, 5) == drawn
