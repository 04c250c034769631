// The walk of a pound through the leaves: decisions, awards, payments and who approved them.

import { encoded, isAlike, isObject, isWhole, of, told } from './json.js';
import { say } from './said.js';

const OF_A_ROUND = ['round.counted', 'round.decided'];
const UP_TO_A_SUM = ['plan.line_agreed', 'meeting.decided']; // for everything that it leads to, together
const EACH_UP_TO_A_SUM = ['delegation.agreed'];
const AT_A_MEETING = 'meeting.item_decided';
const KINDS_OF_ITEM = { money: 'meeting.decided', limit: 'delegation.agreed' };
const FEWEST_APPROVALS = 1; // besides whoever raised it

// What may be said of a payment in which state, and the state it is in then.
const MOVES = {
  'payment.approved': [['raised'], 'approved'],
  'payment.released': [['approved'], 'released'],
  'payment.cleared': [['released'], 'cleared'],
  'payment.uncleared': [['cleared'], 'released'],
  'payment.cancelled': [['raised', 'approved', 'released'], 'cancelled'],
};

// The kind of decision by which awards may be made; null where it is none.
function decisionIn(says) {
  if (says.kind === AT_A_MEETING) {
    const item = told(of(says, 'item_kind'));
    const isCarried = isAlike(of(says, 'outcome'), 'carried');
    return isCarried && Object.hasOwn(KINDS_OF_ITEM, item) ? KINDS_OF_ITEM[item] : null;
  }
  return [...OF_A_ROUND, ...UP_TO_A_SUM, ...EACH_UP_TO_A_SUM].includes(says.kind) ? says.kind : null;
}

export class Walk {
  constructor() {
    this.decisions = new Map();
    this.rounds = new Map(); // the place of each
    this.given = new Map();
    this.awards = new Map();
    this.ended = new Set();
    this.payments = new Map();
    this.asked = new Map(); // pence of each award, not taken back
    this.secondFrom = new Set(); // pence from which two others must agree
    this.entries = new Set();
  }

  // The faults of one leaf, as sentences that begin with “it”.
  *read(place, says, books) {
    if (decisionIn(says)) this.decisions.set(place, says);
    else if (says.kind === 'round.frozen') this.rounds.set(told(of(says, 'round')), of(says, 'place'));
    else if (says.kind === 'award.made') yield* this.#award(says);
    else if (says.kind === 'award.cancelled' || says.kind === 'award.closed') yield* this.#end(says);
    else if (says.kind === 'payment.raised') yield* this.#raise(says);
    else if (says.kind.startsWith('payment.') && of(says, 'payment') !== undefined) {
      const name = told(says.payment);
      const payment = this.payments.get(name);
      if (payment) yield* this.#step(says, name, payment, books);
      else yield say('it speaks of the payment %(payment)s, which nobody raised.', { payment: name });
    }
  }

  // Entries that moved a payment's or an award's money, and no leaf says why.
  *looseMoney(books) {
    const promised = new Map();
    for (const [at, { kind, lines, reverses }] of books.entries.entries()) {
      const isPaid = kind === 'payment.released' || kind === 'payment.cleared';
      if (isPaid && !this.entries.has(at + 1)) {
        yield say('Entry %(entry)s moved the money of a payment, and no leaf says whose.', { entry: at + 1 });
      }
      for (const [, taker, pence] of reverses === null ? lines : []) {
        if (kind === 'award.committed') {
          promised.set(taker, (promised.get(taker) ?? 0n) + BigInt(pence));
        } else if (taker.split(':')[2] === 'committed') {
          yield say('Entry %(entry)s adds to an award, and is no promise: %(taker)s.', { entry: at + 1, taker });
        }
      }
    }
    for (const [award, says] of this.awards) {
      let held = 0n;
      for (const walk of ['place', 'example']) {
        const code = `${walk}:${told(of(says, 'place'))}:committed:${award}`;
        held += promised.get(code) ?? 0n;
        promised.delete(code);
      }
      const { pence } = says;
      if (held !== BigInt(pence)) {
        yield say('Award %(award)s is of %(pence)s pence, and %(held)s were promised to it.', { award, pence, held });
      }
    }
    for (const code of promised.keys()) {
      yield say('Money was promised to %(code)s, and no leaf makes that award.', { code });
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
    const together = (this.given.get(leaf) ?? 0n) + BigInt(pence);
    this.given.set(leaf, together);
    const kind = decisionIn(decided);
    const isOfARound = OF_A_ROUND.includes(kind);
    const most = of(decided, 'pence');
    const given = EACH_UP_TO_A_SUM.includes(kind) ? BigInt(pence) : together;
    if (!isOfARound && (!Number.isSafeInteger(most) || given > BigInt(most))) {
      yield say('it awards more than leaf %(leaf)s decided.', { leaf });
    }
    const place = isOfARound ? this.rounds.get(told(of(decided, 'round'))) : of(decided, 'place');
    if (!isAlike(place, of(says, 'place'))) {
      yield say('it makes the award %(award)s by a decision of another place.', { award });
    }
  }

  *#end(says) {
    const award = told(of(says, 'award'));
    const made = this.awards.get(award);
    if (!made) {
      yield say('it ends the award %(award)s, which nobody made.', { award });
      return;
    }
    if (this.ended.has(award)) yield say('it ends the award %(award)s a second time.', { award });
    this.ended.add(award);
    if (says.kind === 'award.cancelled') {
      // It may be given anew.
      this.given.set(made.decision, this.given.get(made.decision) - BigInt(made.pence));
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
    if (this.ended.has(award)) {
      yield say('it raises a payment of the award %(award)s, which had ended.', { award });
    }
    if (!isWhole(pence, 1)) {
      yield say('it asks for %(pence)s, which is no whole number of pence.', { pence: told(pence) });
      return;
    }
    if (!isWhole(needed, FEWEST_APPROVALS)) {
      yield say('it asks for %(needed)s approvals; somebody else must agree to a payment.', {
        needed: told(needed),
      });
    }
    const raiser = who(says);
    this.payments.set(payment, {
      award, pence, needed, raiser, agreed: [], tied: [], state: 'raised', movedBy: [],
    });
    const asked = (this.asked.get(award) ?? 0n) + BigInt(pence);
    this.asked.set(award, asked);
    const limit = of(says, 'second_approver_from');
    if (limit !== undefined) yield* this.#rule(limit, needed, asked);
  }

  // One sum in several payments is still that sum.
  *#rule(limit, needed, asked) {
    if (!isWhole(limit, 1)) {
      yield say('its rule begins at %(limit)s, which is no whole number of pence.', { limit: told(limit) });
      return;
    }
    this.secondFrom.add(limit);
    if (asked >= BigInt(limit) && needed <= FEWEST_APPROVALS) {
      yield say(
        'it asks for %(needed)s approvals, and %(asked)s pence are asked for of its award: its rule asks two from %(limit)s on.',
        { needed, asked, limit },
      );
    }
  }

  *#step(says, name, payment, books) {
    const kind = says.kind;
    if (kind === 'payment.agreed_to') yield* agree(says, name, payment);
    else if (kind === 'payment.recused') payment.tied.push(who(says));
    if (!Object.hasOwn(MOVES, kind)) return;
    const [before, after] = MOVES[kind];
    if (!before.includes(payment.state)) {
      yield say('it says “%(kind)s” of %(payment)s, which was %(state)s.', {
        kind,
        payment: name,
        state: payment.state,
      });
    }
    const wasSent = payment.state === 'released';
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
    } else if (kind === 'payment.uncleared' || wasSent) {
      yield* takenBack(says, name, payment, books);
    }
    if (kind === 'payment.cancelled') {
      this.asked.set(payment.award, this.asked.get(payment.award) - BigInt(payment.pence));
    }
  }

  *#entry(says, name, payment, books) {
    const entry = of(says, 'entry');
    const lines = books.moved(entry, says.kind);
    const place = told(of(this.awards.get(payment.award), 'place'));
    const onItsWay = `place:${place}:in_transit:${name}`;
    const outside = `world:${books.fundOf(onItsWay)}:paid:${place}:${payment.award}`;
    const goes = [`place:${place}:committed:${payment.award}`, onItsWay, outside];
    const step = says.kind === 'payment.released' ? goes.slice(0, 2) : goes.slice(1);
    const isFitting = isAlike(lines, [[...step, payment.pence]]);
    if (!isFitting || this.entries.has(entry)) {
      yield say('it names entry %(entry)s, which did not move the money of %(payment)s.', {
        entry: told(entry),
        payment: name,
      });
    }
    if (Number.isSafeInteger(entry)) this.entries.add(entry);
    payment.movedBy.push(entry);
  }
}

function* agree(says, name, payment) {
  const person = who(says);
  if (person === payment.raiser || payment.agreed.includes(person)) {
    yield say('it lets one person act twice on the payment %(payment)s.', { payment: name });
  }
  if (payment.tied.includes(person) || !isAlike(of(says, 'declared') ?? 'none', 'none')) {
    yield say('it lets somebody agree to %(payment)s who declared an interest in it.', { payment: name });
  }
  payment.agreed.push(person);
}

// Whether the entry that a leaf names moved the payment's last step back.
function* takenBack(says, name, payment, books) {
  const last = payment.movedBy.pop() ?? null;
  const entry = of(says, 'entry');
  if (last === null || books.reversedBy(entry) !== last) {
    yield say('it names entry %(entry)s, which did not move the money of %(payment)s back.', {
      entry: told(entry),
      payment: name,
    });
  }
}

// Whoever did it, as JSON: a person by number, an operator by name.
function who(says) {
  const actor = of(says, 'actor');
  return encoded(isObject(actor) ? of(actor, 'id') ?? null : null);
}
