"""The years ahead, ten thousand times at once: one array operation for each step of each year.

Each uncertain thing draws from a stream of its own, named after it. So a scenario in which one
assumption moved meets the same luck in everything else, and what the assumption does can be seen.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .scenario import Scenario

Floats = NDArray[np.float64]
# Years after a wave's term in which its places may still draw what they carried over.
CLOSING_YEARS: Final = 2


@dataclass(frozen=True, eq=False)
class Paths:
    """What happened on each path. Shapes: (years, paths), or (paths,) where it says so.

    pot, reserve: at the end of a year, never below nothing. transferred, reclaimed, released (by
    all classes), received (by this fund), matched, drawn, and short (due to places and not there):
    in a year. prices: 1 before the first year. reclaim_short (paths,): reclaims that no reserve
    could pay. scale (paths,): by how much everything due to places could be multiplied and still
    be paid; all of it is paid where this is 1 or more. yearly (paths,): the largest sum that could
    be paid every year instead of the waves. wave_scale (waves, paths): as scale, with one wave and
    those before it only.
    """

    pot: Floats
    reserve: Floats
    transferred: Floats
    reclaimed: Floats
    released: Floats
    received: Floats
    matched: Floats
    drawn: Floats
    short: Floats
    prices: Floats
    reclaim_short: Floats
    scale: Floats
    yearly: Floats
    wave_scale: Floats


def simulate(scenario: Scenario, paths: int | None = None) -> Paths:
    """Run a scenario. The same scenario and number of paths give the same paths."""
    return _Run(scenario, paths or scenario.paths).paths()


def _under(chance: float) -> float:
    """The value that a standard normal number is under with this chance."""
    return math.inf if chance >= 1 else NormalDist().inv_cdf(chance)


class _Run:
    def __init__(self, scenario: Scenario, paths: int) -> None:
        self.s, self.n, self.years = scenario, paths, scenario.years
        self.crisis = self._crises()

    def _crises(self) -> Floats | None:
        """1 in the years in which everything turns bad together, else 0; None where none comes.

        One stream for all: returns, prices, reclaims and transfers look at the same year.
        """
        comes, stays = self.s["crisis.chance"], self.s["crisis.stays"]
        if not comes:
            return None
        luck = self._luck("crisis")
        first, again = _under(comes), _under(max(comes, stays))
        bad = np.empty_like(luck)
        before = np.zeros(self.n, dtype=bool)
        for year in range(self.years):
            before = luck[year] < np.where(before, again, first)
            bad[year] = before
        return bad

    def _in_crisis(self, name: str) -> Floats | float:
        """An assumption of crises in the years of one, and nothing in the others."""
        size = self.s[f"crisis.{name}"]
        return 0.0 if self.crisis is None or not size else self.crisis * size

    def _luck(self, name: str, *, yearly: bool = True) -> Floats:
        stream = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.s.seed, zlib.crc32(name.encode())]))
        )
        luck: Floats = stream.standard_normal((self.years, self.n) if yearly else self.n)
        return luck

    def _factor(self, spread: float, name: str, *, yearly: bool = True) -> Floats | float:
        """A factor around 1 (on average exactly 1), with a standard deviation of its logarithm."""
        if not spread:
            return np.ones((self.years, 1)) if yearly else 1.0
        luck = self._luck(name, yearly=yearly)
        luck *= spread
        luck -= spread * spread / 2
        return np.exp(luck, out=luck)

    def _rates(self, mean: str, spread: str) -> Floats:
        """A return for each year and path; nothing loses more than nine tenths in a year."""
        drop = self._in_crisis("return_drop")
        if not self.s[spread]:
            steady: Floats = np.full((self.years, 1), self.s[mean])
            return np.maximum(steady - drop, -0.9)
        luck = self._luck(mean)
        luck *= self.s[spread]
        luck += self.s[mean]
        luck -= drop
        return np.maximum(luck, -0.9, out=luck)

    def _prices(self) -> Floats:
        """Prices at the end of each year: the surprise of one year is partly that of the next."""
        rise, spread = self.s["prices.inflation"], self.s["prices.inflation_spread"]
        worse = self._in_crisis("inflation_rise")
        if not spread:
            yearly: Floats = np.full((self.years, 1), 1 + rise) + worse
            return np.cumprod(yearly, axis=0, out=yearly)
        luck, stays = self._luck("prices.inflation"), self.s["prices.persistence"]
        fresh = spread * float(np.sqrt(1 - stays * stays))
        rises = np.empty_like(luck)
        surprise = luck[0]
        surprise *= spread
        for year in range(self.years):
            if year:
                surprise *= stays
                surprise += fresh * luck[year]
            rises[year] = np.maximum(rise + surprise, -0.5)
        rises += 1 + worse
        return np.cumprod(rises, axis=0, out=rises)

    def paths(self) -> Paths:
        prices = self._prices()
        money = _Money(self, prices)
        for id in self.s.classes:
            money.arrives(id)
        received = money.released * self.s["fund.share_of_releases"]
        matched = received * self.s["match.ratio"]
        cap = self.s["match.cap_pounds"]
        np.cumsum(matched, axis=0, out=matched)
        np.minimum(matched, cap, out=matched)
        matched[1:] -= matched[:-1].copy()
        due = self._due(prices)
        return self._spent(money, received, matched, due, prices)

    def _due(self, prices: Floats) -> Floats:
        """What each wave draws: (waves, years, paths). Unspent money is carried to the next year,
        and after the term and two closing years what is left goes back: it is never drawn."""
        due = np.zeros((len(self.s.waves), self.years, self.n))
        mean = self.s["draw_down.carried_over"]
        for number, wave in enumerate(self.s.waves):
            alone = self.s["draw_down.place_spread"]
            spread = np.hypot(self.s["draw_down.carried_over_spread"], alone / np.sqrt(wave.places))
            left = np.full((self.years, 1), mean)
            if spread:
                left = np.clip(mean + spread * self._luck(f"draw_down.{wave.name}"), 0, 0.9)
            carried: Floats = np.zeros(self.n)
            start = wave.year - self.s.first_year
            for age in range(len(wave.draw_down) + CLOSING_YEARS):
                year = start + age
                if year >= self.years:
                    break
                if age < len(wave.draw_down):
                    carried = carried + wave.pounds * wave.draw_down[age]
                due[number, year] = carried * (1 - left[year])
                carried = carried - due[number, year]
            if self.s.keeps_pace_with_prices:
                due[number] *= prices
        return due

    def _spent(
        self, money: _Money, received: Floats, matched: Floats, due: Floats, prices: Floats
    ) -> Paths:
        s, shape = self.s, (self.years, self.n)
        growth = (1 + self._rates("fund.return", "fund.return_spread")) * (
            1 - s["fund.costs_share"]
        )
        income = received + matched
        income -= s["fund.costs_pounds"] * prices
        drawn_by_all = due.sum(axis=0)
        pots, short = np.empty(shape), np.zeros(shape)
        pot = np.full(self.n, s["fund.opening_pounds"])
        # The pot is linear in what is drawn until it is empty: so what a path could have paid is a
        # quotient of two sums, and nothing has to be tried out.
        untouched, yearly = pot.copy(), np.full(self.n, np.inf)
        steady, unit = (
            np.zeros(self.n),
            prices if s.keeps_pace_with_prices else np.ones((self.years, 1)),
        )
        drained = np.zeros((len(s.waves), self.n))
        scale = np.full((len(s.waves), self.n), np.inf)
        together = np.cumsum(due, axis=0)
        for year in range(self.years):
            grows = growth[year]
            untouched = untouched * grows + income[year]
            steady = steady * grows + unit[year]
            np.minimum(yearly, untouched / steady, out=yearly)
            for number in range(len(s.waves)):
                drained[number] = drained[number] * grows + together[number, year]
                owed = drained[number] > 0
                could = np.divide(
                    untouched, drained[number], out=np.full(self.n, np.inf), where=owed
                )
                could[~owed & (untouched < 0)] = -np.inf
                np.minimum(scale[number], could, out=scale[number])
            pot = pot * grows + income[year] - drawn_by_all[year]
            np.negative(pot, out=short[year])
            np.maximum(short[year], 0, out=short[year])
            pot = np.maximum(pot, 0)
            pots[year] = pot
        return Paths(
            pot=pots,
            reserve=money.reserve,
            transferred=money.transferred,
            reclaimed=money.reclaimed,
            released=money.released,
            received=received,
            matched=matched,
            drawn=drawn_by_all - short,
            short=short,
            prices=np.broadcast_to(prices, shape),
            reclaim_short=money.short,
            scale=scale[-1] if s.waves else np.full(self.n, np.inf),
            yearly=np.maximum(yearly, 0),
            wave_scale=scale,
        )


class _Money:
    """Dormant money by class: transfers in, reclaims out, the reserve, and what is released."""

    def __init__(self, run: _Run, prices: Floats) -> None:
        self.run, self.prices = run, prices
        shape = (run.years, run.n)
        self.transferred, self.reclaimed = np.zeros(shape), np.zeros(shape)
        self.released, self.reserve = np.zeros(shape), np.zeros(shape)
        self.short = np.zeros(run.n)
        self.returns = 1 + run._rates("reserve.return", "reserve.return_spread")

    def arrives(self, id: str) -> None:
        run, s = self.run, self.run.s

        def of(field: str) -> float:
            return s[f"{id}.{field}"]

        level = run._factor(of("level_spread"), f"{id}.level", yearly=False)
        share = of("transfer_share") * level * run._factor(of("year_spread"), f"{id}.year")
        share = np.minimum(share, 1) * (1 - run._in_crisis("transfers_fall"))
        # Owners reclaim a share of the money that nobody knows: the fund reckons with the mean.
        believed = of("reclaim_share")
        truly = np.minimum(
            believed * run._factor(of("reclaim_spread"), f"{id}.reclaim", yearly=False), 1
        )
        leaves = 1 - 0.5 ** (1 / of("reclaim_half_life"))
        pace = leaves * run._factor(of("reclaim_year_spread"), f"{id}.reclaim_year")
        if run.crisis is not None:
            pace = pace * (1 + run.crisis * (s["crisis.reclaims_rise"] - 1))
        pace = np.minimum(pace, 1)
        before, gone = of("transferred_so_far_pounds"), of("reclaimed_so_far_pounds")
        owed = np.maximum(before * truly - gone, 0) + np.zeros(run.n)
        expected = np.full(run.n, max(before * believed - gone, 0.0))
        pool = np.full(run.n, of("pool_pounds"))
        held = np.full(run.n, of("opening_reserve_pounds"))
        review, margin = s.policy == "review", s["reserve.margin"]
        kept = of("reserve_share")
        for year in range(run.years):
            moved = pool * share[year]
            pool = pool - moved + of("newly_dormant_pounds") * self.prices[year]
            owed = owed + moved * truly
            back = owed * pace[year]
            owed = owed - back
            held = held * self.returns[year] + moved * kept - back
            self.short += np.maximum(-held, 0)
            held = np.maximum(held, 0)
            out = moved * (1 - kept)
            if review:
                expected = np.maximum(expected + moved * believed - back, 0)
                # What stands above the reserve that reclaims may need is let go, and as long as
                # the reserve is under it nothing is.
                whole = held + out
                held = np.minimum(whole, margin * expected)
                out = whole - held
            self.transferred[year] += moved
            self.reclaimed[year] += back
            self.released[year] += out
            self.reserve[year] += held
