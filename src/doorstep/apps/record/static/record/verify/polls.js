// Votes as far as leaves tell: codes issued and used, steps of each round, who signed a recount.

import { hexOf } from './bytes.js';
import { of, told } from './json.js';
import { say } from './said.js';

const ONCE = ['frozen', 'closed', 'counted', 'decided', 'settled'];

export class Polls {
  constructor() {
    this.rounds = new Map();
    this.batches = new Map();
  }

  // The faults of one leaf, as sentences that begin with “it”.
  *read(place, says, linkBefore) {
    const [room, ...rest] = says.kind.split('.');
    const step = rest.join('.');
    const round = of(says, 'round');
    if ((room !== 'round' && room !== 'voting') || typeof round !== 'string') return;
    if (!this.rounds.has(round)) {
      this.rounds.set(round, { issued: 0n, used: 0n, steps: new Map(), linkBeforeFrozen: '' });
    }
    const poll = this.rounds.get(round);
    if (room === 'voting') {
      yield* this.#voting(place, step, says, poll);
      return;
    }
    if (step === 'frozen') poll.linkBeforeFrozen = hexOf(linkBefore);
    else if (!poll.steps.has('frozen')) {
      yield say('it takes the step “%(step)s” in round %(round)s, which was never frozen.', { step, round });
    }
    if (poll.steps.has(step) && ONCE.includes(step)) {
      yield say('it takes the step “%(step)s” in round %(round)s a second time.', { step, round });
    }
    if (step === 'counted' && !poll.steps.has('closed')) {
      yield say('it counts round %(round)s, which was not closed.', { round });
    }
    poll.steps.set(step, { place, says });
  }

  *#voting(place, step, says, poll) {
    if (step === 'batch_printed') {
      const count = whole(says, 'count');
      poll.issued += count;
      this.batches.set(place, { round: says.round, count });
    } else if (step === 'batch_spoiled') {
      const printed = this.batches.get(of(says, 'printed'));
      this.batches.delete(of(says, 'printed'));
      if (printed?.round !== says.round || printed.count !== whole(says, 'count')) {
        yield say('it calls codes spoilt that were not printed so.');
      } else poll.issued -= printed.count;
    } else if (step === 'opened' && whole(says, 'codes') !== poll.issued) {
      yield say('it opens voting with %(codes)s codes, and %(issued)s were printed.', {
        codes: told(of(says, 'codes')),
        issued: poll.issued,
      });
    } else if (step === 'envelopes') {
      poll.used = larger(poll.used, whole(says, 'used'));
    } else if (step === 'ended' || step === 'paper_taken_in') {
      poll.used = larger(poll.used, whole(says, 'used_online') + whole(says, 'used_paper'));
    }
    if (poll.used > poll.issued) {
      yield say('it makes %(used)s codes used, and only %(issued)s were issued.', {
        used: poll.used,
        issued: poll.issued,
      });
    }
  }
}

const larger = (one, other) => (one > other ? one : other);

function whole(says, name) {
  const value = of(says, name);
  return Number.isSafeInteger(value) ? BigInt(value) : 0n;
}
