// The Method of Equal Shares, in BigInt. One share for everybody, or a low and a high one side by
// side: where each winner's rate at the low share is under every other's at the high one, and
// nobody could pay more in the end at the high one, all shares between fund the same.

import { Fraction } from './fraction.js';
import { compared, sum } from './election.js';

// Money is kept by state: whoever paid for the same has the same left, and state 0 is an empty
// purse. A purse holds money[side][state] / scales[side][since[state]] grains.
export class Shares {
  constructor(election, shares) {
    this.election = election;
    this.state = election.weight.map(() => 1);
    this.since = [0, 0];
    this.money = shares.map((share) => [0n, share]);
    this.scales = shares.map(() => [1n]);
    this.rounds = [];
    this.queue = new Queue();
    this.worth = election.cost.map((cost) => (election.rule.utility === 'cost' ? cost : 1n));
    for (const p of election.entrants) {
      if (election.cost[p]) this.#wait(p, [election.cost[p], election.parts[p]], -1);
      else this.rounds.push({ project: p, rate: [0n, 1n], inFull: null, level: [p] });
    }
  }

  #wait(p, rate, asked) {
    if (!rate) return;
    const each = new Fraction(rate[0], rate[1] * this.worth[p]);
    this.queue.push({ each, tie: this.election.tie[p], p, rate, asked });
  }

  // Plays every round at the high share; false as soon as the low one might differ.
  isProved() {
    for (let first; (first = this.queue.pop()); ) {
      if (this.#isStale(first)) continue;
      const low = this.money.length === 1 ? first.rate : this.#rate(first.p, 0, first.rate);
      if (!low) return false;
      const limit = new Fraction(low[0], low[1] * this.worth[first.p]);
      const level = [first.p];
      const others = [];
      while (this.queue.first && !limit.isUnder(this.queue.first.each)) {
        const other = this.queue.pop();
        if (this.#isStale(other)) continue;
        if (other.each.isUnder(limit) || (other.each.isSame(limit) && other.tie < first.tie)) return false;
        others.push(other);
        if (other.each.isSame(first.each)) level.push(other.p);
      }
      for (const other of others) this.queue.push(other);
      const rates = this.money.length === 1 ? [first.rate] : [low, first.rate];
      this.rounds.push({ project: first.p, rate: first.rate, inFull: this.#pay(first.p, rates), level });
    }
    return true;
  }

  // Rates only ever rise, so one that was asked before the last round is asked again.
  #isStale({ p, rate, asked }) {
    if (asked >= this.rounds.length) return false;
    this.#wait(p, this.#rate(p, this.money.length - 1, rate), this.rounds.length);
    return true;
  }

  // The rate at which its supporters just pay for a project, from one that is not too high: whoever
  // cannot pay it gives all, and the others share the rest. null where they cannot.
  #rate(p, side, from) {
    const money = this.money[side];
    const scales = this.scales[side];
    const last = scales[scales.length - 1];
    let rich = this.held(p);
    let rate = from;
    let given = 0n;
    for (;;) {
      let parts = 0n;
      const able = new Map();
      for (const [worth, states] of rich) {
        const still = new Map();
        for (const [s, people] of states) {
          const scale = scales[this.since[s]];
          if (money[s] * rate[1] >= worth * rate[0] * scale) {
            still.set(s, people);
            parts += worth * people;
          } else given += people * money[s] * (last / scale);
        }
        able.set(worth, still);
      }
      if (!parts) return null;
      const higher = [this.election.cost[p] * last - given, parts * last];
      if (higher[0] * rate[1] === rate[0] * higher[1]) return higher;
      rate = higher;
      rich = able;
    }
  }

  // The supporters of a project who have money left: by worth, how many in which state.
  held(p) {
    const held = new Map();
    for (const [worth, ballots] of this.election.support[p]) {
      const states = new Map();
      for (const b of ballots) {
        const s = this.state[b];
        if (s) states.set(s, (states.get(s) ?? 0n) + this.election.weight[b]);
      }
      held.set(worth, states);
    }
    return held;
  }

  // What the supporters of a project have left together, in grains, at the high share.
  kept(p) {
    const side = this.money.length - 1;
    let kept = new Fraction(0n);
    for (const states of this.held(p).values()) {
      for (const [s, people] of states) {
        kept = kept.plus(new Fraction(people * this.money[side][s], this.scales[side][this.since[s]]));
      }
    }
    return kept;
  }

  // Each supporter pays the rate for what they get, or all they have. How many paid in full.
  #pay(p, rates) {
    let full = 0n;
    const moved = new Map();
    for (const [worth, ballots] of this.election.support[p]) {
      for (const b of ballots) {
        const key = `${this.state[b]},${worth}`;
        if (!moved.has(key)) moved.set(key, this.#after(this.state[b], worth, rates));
        const { state, isInFull } = moved.get(key);
        this.state[b] = state;
        if (isInFull) full += this.election.weight[b];
      }
    }
    for (const [side, scales] of this.scales.entries()) scales.push(rates[side][1]);
    return full;
  }

  #after(s, worth, rates) {
    const left = rates.map(([above, below], side) => {
      const scale = this.scales[side][this.since[s]];
      return this.money[side][s] * (below / scale) - worth * above;
    });
    for (const [side, one] of left.entries()) this.money[side].push(one > 0n ? one : 0n);
    this.since.push(this.scales[0].length);
    const state = left.some((one) => one > 0n) ? this.since.length - 1 : 0;
    return { state, isInFull: left[left.length - 1] >= 0n };
  }
}

// The step that add1 ends at, and every step from which others were chosen than before. Many steps
// at once where the two shares prove them alike, one by one where they do not, none left out.
// `claimed` only says where it is worth trying.
export async function add1(election, first, claimed, tell) {
  const history = [];
  let step = 0;
  let span = 1;
  let last = null;
  for (;;) {
    const end = Math.min(step + Math.floor(span), ...claimed.filter((one) => one > step));
    const low = first + BigInt(step) * election.step;
    const high = first + BigInt(end - 1) * election.step;
    const run = new Shares(election, low === high ? [low] : [low, high]);
    await tell(step);
    if (!run.isProved()) {
      span = (end - step) / 2;
      continue;
    }
    const chosen = run.rounds.map((one) => one.project);
    const left = election.pot - sum(chosen.map((p) => election.cost[p]));
    if (last === null || chosen.join() !== last) history.push([step, election.pot - left]);
    if (left < 0n) return { steps: step - 1, history };
    const fitting = election.rule.stop_when_exhaustive ? left : election.pot;
    if (election.entrants.every((p) => chosen.includes(p) || election.cost[p] > fitting)) {
      return { steps: step, history };
    }
    span *= end - step > 1 ? 2 : 1.25;
    step = end;
    last = chosen.join();
  }
}

// Lowest rate first, then by the order of ties.
class Queue {
  constructor() {
    this.heap = [];
  }

  get first() {
    return this.heap[0];
  }

  push(one) {
    const { heap } = this;
    heap.push(one);
    for (let at = heap.length - 1; at; ) {
      const up = (at - 1) >> 1;
      if (!isBefore(heap[at], heap[up])) return;
      [heap[at], heap[up]] = [heap[up], heap[at]];
      at = up;
    }
  }

  pop() {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (!heap.length) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const next = [2 * at + 1, 2 * at + 2].filter((one) => one < heap.length);
      const best = next.reduce((least, one) => (isBefore(heap[one], heap[least]) ? one : least), at);
      if (best === at) return first;
      [heap[at], heap[best]] = [heap[best], heap[at]];
      at = best;
    }
  }
}

const isBefore = (one, other) =>
  one.each.isUnder(other.each) || (one.each.isSame(other.each) && compared(one.tie, other.tie) < 0);
