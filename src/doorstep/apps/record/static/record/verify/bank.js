// The bank's lines and receipts, as far as leaves tell: a line accounts for one entry of its sum, a
// payment that the bank paid has its line, and a receipt that is shown was handed in.

import { isAlike, isWhole, of, told } from './json.js';
import { say } from './said.js';

export class Bank {
  constructor() {
    this.lines = new Map();
    this.entries = new Set();
    this.handedIn = new Map();
    this.cleared = new Map();
  }

  // The faults of one leaf, as sentences that begin with “it”.
  *read(says, walk, books) {
    const line = told(of(says, 'line'));
    switch (says.kind) {
      case 'bank.matched':
        yield* this.#match(says, line, books);
        break;
      case 'bank.unmatched':
        if (!this.lines.has(line)) {
          yield say('it undoes what line %(line)s of the bank accounts for, and that is nothing.', { line });
        }
        this.entries.delete(told(this.lines.get(line)));
        this.lines.delete(line);
        break;
      case 'payment.cleared':
        this.cleared.set(told(of(says, 'payment')), [of(says, 'bank_line') ?? null, of(says, 'entry')]);
        break;
      case 'payment.uncleared':
        this.cleared.delete(told(of(says, 'payment')));
        break;
      case 'receipt.handed_in':
      case 'receipt.shown':
      case 'receipt.sent_back':
        yield* this.#receipt(says, walk);
        break;
      default:
    }
  }

  // Payments that a line of the bank is said to have paid, where no leaf joins the two.
  *loosePayments() {
    for (const [payment, [line, entry]] of this.cleared) {
      if (line !== null && !isAlike(this.lines.get(told(line)), entry)) {
        yield say(
          'Line %(line)s of the bank is said to have paid %(payment)s, and no leaf joins it to that entry.',
          { line: told(line), payment },
        );
      }
    }
  }

  *#match(says, line, books) {
    const entry = of(says, 'entry') ?? null;
    const pence = of(says, 'pence');
    if (this.lines.has(line)) {
      yield say('it accounts for line %(line)s of the bank a second time.', { line });
    }
    if (entry !== null) {
      if (this.entries.has(told(entry))) {
        yield say('it gives entry %(entry)s a second line of the bank.', { entry: told(entry) });
      }
      this.entries.add(told(entry));
      const moved = (books.linesOf(entry) ?? []).reduce((sum, one) => sum + BigInt(one[2]), 0n);
      if (!Number.isSafeInteger(pence) || !moved || moved !== BigInt(Math.abs(pence))) {
        yield say('it holds %(pence)s of the bank against entry %(entry)s, which moved another sum.', {
          pence: told(pence),
          entry: told(entry),
        });
      }
    }
    this.lines.set(line, entry);
  }

  *#receipt(says, walk) {
    const payment = told(of(says, 'payment'));
    const pence = of(says, 'pence');
    if (!walk.payments.has(payment)) {
      yield say('it speaks of a receipt of the payment %(payment)s, which nobody raised.', { payment });
    } else if (!isWhole(pence, 1)) {
      yield say('it speaks of a receipt of %(pence)s, which is no whole number of pence.', {
        pence: told(pence),
      });
    }
    const key = told([payment, pence ?? null]);
    const waiting = this.handedIn.get(key) ?? 0;
    if (says.kind === 'receipt.handed_in') this.handedIn.set(key, waiting + 1);
    else if (!waiting) yield say('it looks at a receipt of %(payment)s that nobody handed in.', { payment });
    else this.handedIn.set(key, waiting - 1);
  }
}
