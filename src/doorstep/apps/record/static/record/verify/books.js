// The ledger once more, from its leaves alone: accounts, entries, balances, guards, reversals.
// Balances are BigInt: many sums of pence together may pass 2^53.

import { encoded, isAlike, isWhole, of, told } from './json.js';
import { say } from './said.js';

const MOST_PENCE = 10 ** 13;
const MOST_LINES = 500;
const GUARDS = ['none', 'credit_nonneg', 'debit_nonneg'];

export class Books {
  constructor() {
    this.purses = new Map();
    this.entries = [];
    this.requests = new Set();
    this.reversed = new Set();
    this.transfers = 0;
  }

  // The faults of one leaf, as sentences that begin with “it”.
  *read(says) {
    if (says.kind === 'ledger.account') yield* this.#open(says);
    else if (says.kind === 'ledger.journal') yield* this.#post(says);
  }

  // The lines of an entry of that kind; null where there is none.
  moved(number, kind) {
    const lines = this.linesOf(number);
    return lines && this.entries[number - 1].kind === kind ? lines : null;
  }

  // The lines of an entry of any kind; null where there is none.
  linesOf(number) {
    return isWhole(number, 1) && number <= this.entries.length ? this.entries[number - 1].lines : null;
  }

  // The entry that this one moved back; null where it is none, or moved none back.
  reversedBy(number) {
    return this.linesOf(number) && this.entries[number - 1].reverses;
  }

  // The fund of an account; “” where nobody opened it.
  fundOf(code) {
    return this.purses.get(code)?.fund ?? '';
  }

  *#open(says) {
    const [code, fund, guard] = ['code', 'fund', 'guard'].map((name) => told(of(says, name)));
    const first = code.split(':')[0];
    if (this.purses.has(code)) yield say('it opens the account %(code)s a second time.', { code });
    if (!GUARDS.includes(guard) || (guard === 'none') !== (first === 'world')) {
      yield say('it opens %(code)s with the guard “%(guard)s”, which it may not have.', { code, guard });
    }
    if ((fund === 'example') !== (first === 'example' || code === 'world:example')) {
      yield say('it opens %(code)s in the fund “%(fund)s”: pretend and real money stay apart.', { code, fund });
    }
    this.purses.set(code, { fund, guard, held: 0n });
  }

  *#post(says) {
    const expected = this.entries.length + 1;
    const numbers = [of(says, 'seq'), of(says, 'first_transfer')];
    if (!isAlike(numbers, [expected, this.transfers + 1])) {
      yield say('it is not entry %(entry)s with transfers from %(transfer)s.', {
        entry: expected,
        transfer: this.transfers + 1,
      });
    }
    const lines = of(says, 'lines');
    if (!Array.isArray(lines) || !lines.length || lines.length > MOST_LINES) {
      yield say('it has no lines that can be read.');
      return;
    }
    const request = told(of(says, 'idem'));
    if (this.requests.has(request)) yield say('it posts a request that was posted before.');
    this.requests.add(request);
    const original = of(says, 'reverses') ?? null;
    this.entries.push({ kind: told(of(says, 'entry')), lines, reverses: original });
    for (const line of lines) yield* this.#move(line);
    if (original !== null) yield* this.#reversal(original, lines);
  }

  *#move(line) {
    this.transfers += 1;
    const isLine = Array.isArray(line) && line.length === 3;
    const [from, to, pence] = isLine ? line : [];
    if (typeof from !== 'string' || typeof to !== 'string' || !Number.isSafeInteger(pence)) {
      yield say('it has a line that is not two accounts and a whole number of pence.');
      return;
    }
    const giver = this.purses.get(from);
    const taker = this.purses.get(to);
    if (!giver || !taker || giver === taker || pence <= 0 || pence > MOST_PENCE) {
      yield say('it has a line that cannot be: %(line)s.', { line: told(line) });
      return;
    }
    giver.held -= BigInt(pence);
    taker.held += BigInt(pence);
    if (giver.fund !== taker.fund) {
      yield say('it moves money between two funds: %(line)s.', { line: told(line) });
    }
    for (const [code, purse] of [[from, giver], [to, taker]]) {
      if (isOverdrawn(purse)) {
        yield say('it takes more from %(code)s than stood there: %(line)s.', { code, line: told(line) });
      }
    }
  }

  *#reversal(original, lines) {
    if (!isWhole(original, 1) || original >= this.entries.length) {
      yield say('it reverses entry %(entry)s, which is not an earlier one.', { entry: told(original) });
      return;
    }
    const entry = original;
    if (this.reversed.has(entry)) yield say('it reverses entry %(entry)s a second time.', { entry });
    this.reversed.add(entry);
    const first = this.entries[entry - 1];
    if (first.reverses !== null) {
      yield say('it reverses entry %(entry)s, which is a reversal itself.', { entry });
    }
    const back = first.lines.map(([from, to, pence]) => [to, from, pence]).reverse();
    if (encoded(lines) !== encoded(back)) {
      yield say('it does not move back exactly what entry %(entry)s moved.', { entry });
    }
  }
}

const isOverdrawn = ({ guard, held }) =>
  (guard === 'credit_nonneg' && held < 0n) || (guard === 'debit_nonneg' && held > 0n);
