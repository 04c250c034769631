// One election under one rule, made ready to be counted in BigInt: money in grains, so small that
// nothing is ever rounded. Also the rules that go down a list, and Phragmén's.

import { bytesOf, hexOf } from './bytes.js';
import { Fraction, ZERO, lcm } from './fraction.js';
import { sha256 } from './sha256.js';

export class Election {
  constructor(ballots, rule) {
    const isScored = rule.utility === 'score';
    const costs = ballots.projects.map((one) => one.cost);
    const step = rule.increment === null ? ZERO : Fraction.read(rule.increment);
    this.rule = rule;
    this.ballots = ballots;
    this.weight = ballots.votes.map((vote) => BigInt(vote.count));
    this.voters = sum(this.weight);
    this.unit = lcm([ballots.pot, step, ...costs].map((one) => one.below)) * (this.voters || 1n);
    this.pot = ballots.pot.times(this.unit).whole;
    this.step = step.times(this.unit).whole;
    this.cost = costs.map((one) => one.times(this.unit).whole);
    const points = isScored ? ballots.votes.flatMap((vote) => vote.points) : [];
    this.size = lcm(points.map((one) => one.below));
    this.#collect(isScored);
    this.#order();
  }

  // Who supports what: for each project, a map from what a ballot gets out of it to the ballots.
  #collect(isScored) {
    const { utility, name } = this.rule;
    this.votes = this.cost.map(() => 0n);
    this.parts = this.cost.map(() => 0n);
    this.support = this.cost.map(() => new Map());
    for (const [ballot, { choices, points }] of this.ballots.votes.entries()) {
      for (const [rank, p] of choices.entries()) {
        let worth = isScored ? points[rank].times(this.size).whole : 1n;
        if (utility === 'borda') worth = BigInt(choices.length - rank - (name === 'equal-shares' ? 1 : 0));
        this.votes[p] += this.weight[ballot];
        if (!worth) continue;
        if (!this.support[p].has(worth)) this.support[p].set(worth, []);
        this.support[p].get(worth).push(ballot);
        this.parts[p] += worth * this.weight[ballot];
      }
    }
  }

  // Ties: the cheaper, then the one that more voted for, then the lot. And who takes part at all.
  #order() {
    const ids = this.ballots.projects.map((one) => one.id);
    const lots = ids.map((id) => hexOf(sha256(bytesOf(this.rule.seed + id))));
    const order = ids.map((_, p) => p).sort(
      (p, q) =>
        compared(this.cost[p], this.cost[q]) ||
        compared(this.votes[q], this.votes[p]) ||
        compared(lots[p], lots[q]) ||
        compared(ids[p], ids[q]),
    );
    this.tie = [];
    for (const [at, p] of order.entries()) this.tie[p] = at;
    const least = (this.rule.threshold === null ? ZERO : Fraction.read(this.rule.threshold)).times(this.size);
    this.entrants = order.filter(
      (p) =>
        this.support[p].size &&
        this.cost[p] <= this.pot &&
        !new Fraction(this.parts[p]).isUnder(least) &&
        !this.ballots.projects[p].withdrawn,
    );
  }

  // Grains as currency.
  money(grains) {
    return new Fraction(grains, this.unit);
  }

  // A rate in grains for a part, as currency for a whole point (or project).
  priceOf([above, below]) {
    return new Fraction(above * this.size, below * this.unit);
  }
}

export const sum = (numbers) => numbers.reduce((all, one) => all + one, 0n);

export const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

// Down the list, highest score first: who is funded, and what was in the pot at each turn.
export function byScore(election, some, pot, isSkipping) {
  const funded = [];
  const atTurn = election.cost.map(() => pot);
  const list = [...some].sort(
    (p, q) => compared(election.parts[q], election.parts[p]) || election.tie[p] - election.tie[q],
  );
  let left = pot;
  let isOver = false;
  for (const p of list) {
    atTurn[p] = left;
    if (election.cost[p] <= left && !isOver) {
      funded.push(p);
      left -= election.cost[p];
    } else if (!isSkipping) isOver = true;
  }
  return { funded, atTurn };
}

// Everybody earns alike; what supporters can buy is bought, until that would overspend the pot.
export function phragmen(election) {
  const rounds = [];
  const carried = election.weight.map(() => ZERO);
  let waiting = [...election.entrants];
  let pot = election.pot;
  while (waiting.length) {
    const at = new Map(waiting.map((p) => [p, loadWith(election, p, carried)]));
    const lowest = [...at.values()].reduce((least, one) => (one.isUnder(least) ? one : least));
    const level = waiting.filter((p) => at.get(p).isSame(lowest));
    if (level.some((p) => election.cost[p] > pot)) break;
    const [winner] = level;
    rounds.push({ project: winner, rate: [lowest.above, lowest.below], inFull: null, level });
    for (const ballot of election.support[winner].get(1n)) carried[ballot] = lowest;
    pot -= election.cost[winner];
    waiting = waiting.filter((p) => p !== winner);
  }
  return { rounds, pot };
}

function loadWith(election, p, carried) {
  let load = new Fraction(election.cost[p]);
  for (const ballot of election.support[p].get(1n)) {
    load = load.plus(carried[ballot].times(election.weight[ballot]));
  }
  return new Fraction(load.above, load.below * election.votes[p]);
}
