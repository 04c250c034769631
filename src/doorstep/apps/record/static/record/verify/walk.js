// The walk of a pound through the leaves: decisions, awards, payments and who approved them.

import { encoded, isAlike, isObject, isWhole, of, told } from './json.js';
import { say } from './said.js';

const DECISIONS = [
  'round.counted',
  'round.decided',
  'plan.line_agreed',
  'meeting.decided',
  'delegation.agreed',
];
const AT_A_MEETING = 'meeting.item_decided';
const WITH_A_SUM = ['plan.line_agreed', 'meeting.decided'];
const FEWEST_APPROVALS = 1; // besides whoever raised it

// What may be said of a payment in which state, and the state it is in then.
const MOVES = {
  'payment.approved': [['raised'], 'approved'],
  'payment.released': [['approved'], 'released'],
  'payment.cleared': [['released'], 'cleared'],
  'payment.uncleared': [['cleared'], 'released'],
  'payment.cancelled': [['raised', 'approved', 'released'], 'cancelled'],
};

function isDecision(says) {
  if (says.kind === AT_A_MEETING) return isAlike(of(says, 'outcome'), 'carried');
  return DECISIONS.includes(says.kind);
}

export class Walk {
  constructor() {
    this.decisions = new Map();
    this.given = new Map();
    this.awards = new Map();
    this.payments = new Map();
    this.entries = new Set();
  }

  // The faults of one leaf, as sentences that begin with “it”.
  *read(place, says, books) {
    if (isDecision(says)) this.decisions.set(place, says);
    else if (says.kind === 'award.made') yield* this.#award(says);
    else if (says.kind === 'payment.raised') yield* this.#raise(says);
    else if (says.kind.startsWith('payment.') && of(says, 'payment') !== undefined) {
      const name = told(says.payment);
      const payment = this.payments.get(name);
      if (payment) yield* this.#step(says, name, payment, books);
      else yield say('it speaks of the payment %(payment)s, which nobody raised.', { payment: name });
    }
  }

  // Entries that moved a payment's money without a leaf of that payment.
  *looseEntries(books) {
    for (const [at, { kind }] of books.entries.entries()) {
      const isPaid = kind === 'payment.released' || kind === 'payment.cleared';
      if (isPaid && !this.entries.has(at + 1)) {
        yield say('Entry %(entry)s moved the money of a payment, and no leaf says whose.', { entry: at + 1 });
      }
    }
  }

  *#award(says) {
    const award = told(of(says, 'award'));
    const leaf = of(says, 'decision');
    if (this.awards.has(award)) yield say('it makes the award %(award)s a second time.', { award });
    this.awards.set(award, says);
    const decided = this.decisions.get(leaf);
    if (!decided) {
      yield say('it makes the award %(award)s by leaf %(leaf)s, which is no earlier decision.', {
        award,
        leaf: told(leaf),
      });
      return;
    }
    const pence = of(says, 'pence');
    if (!isWhole(pence, 1)) {
      yield say('it awards %(pence)s, which is no whole number of pence.', { pence: told(pence) });
      return;
    }
    const given = (this.given.get(leaf) ?? 0n) + BigInt(pence);
    this.given.set(leaf, given);
    if (!WITH_A_SUM.includes(decided.kind) && !isAlike(of(decided, 'item_kind'), 'money')) return;
    const most = of(decided, 'pence');
    if (!Number.isSafeInteger(most) || given > BigInt(most)) {
      yield say('it awards more than leaf %(leaf)s decided.', { leaf });
    }
    if (!isAlike(of(decided, 'place'), of(says, 'place'))) {
      yield say('it makes the award %(award)s by a decision of another place.', { award });
    }
  }

  *#raise(says) {
    const [payment, award] = [told(of(says, 'payment')), told(of(says, 'award'))];
    const [pence, needed] = [of(says, 'pence'), of(says, 'approvals_needed')];
    if (this.payments.has(payment)) {
      yield say('it raises the payment %(payment)s a second time.', { payment });
    }
    if (!this.awards.has(award)) {
      yield say('it raises a payment of the award %(award)s, which nobody made.', { award });
    }
    if (!isWhole(pence, 1)) {
      yield say('it asks for %(pence)s, which is no whole number of pence.', { pence: told(pence) });
    }
    if (!isWhole(needed, FEWEST_APPROVALS)) {
      yield say('it asks for %(needed)s approvals; somebody else must agree to a payment.', {
        needed: told(needed),
      });
    }
    const raiser = who(says);
    this.payments.set(payment, { award, pence, needed, raiser, agreed: [], tied: [], state: 'raised' });
  }

  *#step(says, name, payment, books) {
    const kind = says.kind;
    if (kind === 'payment.agreed_to') {
      const person = who(says);
      if (person === payment.raiser || payment.agreed.includes(person)) {
        yield say('it lets one person act twice on the payment %(payment)s.', { payment: name });
      }
      if (payment.tied.includes(person) || !isAlike(of(says, 'declared') ?? 'none', 'none')) {
        yield say('it lets somebody agree to %(payment)s who declared an interest in it.', { payment: name });
      }
      payment.agreed.push(person);
    } else if (kind === 'payment.recused') payment.tied.push(who(says));
    if (!Object.hasOwn(MOVES, kind)) return;
    const [before, after] = MOVES[kind];
    if (!before.includes(payment.state)) {
      yield say('it says “%(kind)s” of %(payment)s, which was %(state)s.', {
        kind,
        payment: name,
        state: payment.state,
      });
    }
    payment.state = after;
    if (kind === 'payment.approved' && payment.agreed.length < payment.needed) {
      yield say(
        'it approves the payment %(payment)s with %(agreed)s approvals, and its rule required %(needed)s.',
        { payment: name, agreed: payment.agreed.length, needed: payment.needed },
      );
    }
    if (kind !== 'payment.cancelled' && of(says, 'pence') !== payment.pence) {
      yield say('it is about another sum than was asked for (%(payment)s).', { payment: name });
    }
    if (kind === 'payment.released' || kind === 'payment.cleared') {
      yield* this.#entry(says, name, payment, books);
    }
  }

  *#entry(says, name, payment, books) {
    const entry = of(says, 'entry');
    const lines = books.moved(entry, says.kind);
    const place = told(of(this.awards.get(payment.award), 'place'));
    const onItsWay = `place:${place}:in_transit:${name}`;
    const from = says.kind === 'payment.released' ? `place:${place}:committed:${payment.award}` : onItsWay;
    const isFitting =
      lines?.length === 1 &&
      lines[0][0] === from &&
      lines[0][2] === payment.pence &&
      (says.kind === 'payment.cleared' || lines[0][1] === onItsWay);
    if (!isFitting || this.entries.has(entry)) {
      yield say('it names entry %(entry)s, which did not move the money of %(payment)s.', {
        entry: told(entry),
        payment: name,
      });
    }
    if (Number.isSafeInteger(entry)) this.entries.add(entry);
  }
}

// Whoever did it, as JSON: a person by number, an operator by name.
function who(says) {
  const actor = of(says, 'actor');
  return encoded(isObject(actor) ? of(actor, 'id') ?? null : null);
}
