// Checks everything that stands at a place, and stops at the first thing that is wrong.

import { anyTextOf, hexOf } from './bytes.js';
import { Bank } from './bank.js';
import { Books } from './books.js';
import { checkRounds } from './counts.js';
import { of, told } from './json.js';
import { everyLeaf } from './log.js';
import { readKept } from './kept.js';
import { Below, checkSums, required } from './places.js';
import { Polls } from './polls.js';
import { Wrong, grouped, say, wrong } from './said.js';
import { sha256 } from './sha256.js';
import {
  isSameKey, lineOf, readCheckpoint, readKey, readKeys, signatureHolds, spelled,
} from './signed.js';
import { Walk } from './walk.js';

const LOG_IN_A_BUNDLE = 'record/log/public';
const NOTHING_KEPT = { roots: new Map(), audit: 0, timestamps: 0, witnesses: [] };
const KEYS_LEAF = Uint8Array.of(0);

// Everything about one run that may differ: how a signature is checked, what was seen before
// ({name: {key, size, root}}), the key that a reader was given, and who is told about lines, the
// key, and how far it is.
const USUAL = {
  check: signatureHolds,
  seen: {},
  given: null,
  line: () => {},
  key: () => {},
  tell: async () => {},
};

// What was seen now, as {name, key, size, root}. Throws Wrong or Unreadable for the first fault.
export async function checkEverything(place, given = {}) {
  const options = { ...USUAL, ...given };
  const log = await logAt(place, options);
  const key = await keyOfLog(log, options.given);
  options.key(lineOf(key));
  const held = options.seen[key.name];
  if (held && held.key !== spelled(key)) {
    wrong('%(name)s shows another key than when you looked last.', { name: key.name });
  }
  const witnesses = readKeys(await log.read('witnesses'));
  const signed = await readCheckpoint(await required(log, 'checkpoint'), key, witnesses, options.check);
  if (held && signed.size < held.size) {
    wrong('The record shows %(now)s leaves; you saw %(before)s. It went back.', {
      now: grouped(signed.size),
      before: held.size,
    });
  }
  const size = grouped(signed.size);
  options.line(signedLine(key, size, signed));
  const step = (number) => options.tell(number, null);
  const kept = log === place ? NOTHING_KEPT : await readKept(place, key, signed, options.check, step);
  const { books, walk, polls } = await readLeaves(log, signed, held, witnesses, kept, options);
  options.line(say('Leaves: %(size)s, without a gap, under the root that was signed', { size }));
  for (const line of checkpointsOf(kept)) options.line(line);
  options.line(
    say('Ledger: %(entries)s entries, %(accounts)s accounts, balanced', {
      entries: grouped(books.entries.length),
      accounts: grouped(books.purses.size),
    }),
  );
  options.line(
    say('Awards and payments: %(awards)s decided, %(payments)s asked', {
      awards: grouped(walk.awards.size),
      payments: grouped(walk.payments.size),
    }),
  );
  for (const pence of [...walk.secondFrom].sort((one, other) => one - other)) {
    options.line(
      say('Approvals: a second person agreed to what came to %(pence)s pence or more', { pence: grouped(pence) }),
    );
  }
  if (log === place) options.line(say('Rounds: not looked at, because this is the log alone'));
  else await checkRounds(place, polls, walk, options.line, step);
  return { name: key.name, key: spelled(key), size: signed.size, root: hexOf(signed.root) };
}

async function logAt(place, options) {
  if ((await place.read('checkpoint')) || (await place.read('key'))) return place;
  const files = await checkSums(place);
  if (files) options.line(say('Files: %(count)s as their checksums say', { count: grouped(files) }));
  return new Below(place, LOG_IN_A_BUNDLE);
}

async function keyOfLog(log, given) {
  if (given === null) return readKey(anyTextOf(await required(log, 'key')));
  const key = readKey(given.trim());
  const published = await log.read('key');
  const there = published && readKey(anyTextOf(published));
  if (there && !isSameKey(there, key)) {
    wrong('Its key is %(key)s, and not the one that you gave.', { key: lineOf(there) });
  }
  return key;
}

async function readLeaves(log, signed, held, witnesses, kept, options) {
  const rooms = { books: new Books(), walk: new Walk(), polls: new Polls(), bank: new Bank() };
  const named = { now: new Set(), ever: new Set() };
  const seen = new Map(held ? [[held.size, held.root]] : []);
  let first = null;
  const take = (leaf) => {
    first ??= faultsOf(leaf, rooms, named).next().value ?? null;
  };
  await everyLeaf(log, signed, seen, kept.roots, take, options.tell);
  // A leaf that was changed is a wrong root, and that was said already.
  first ??= rooms.walk.looseMoney(rooms.books).next().value ?? null;
  first ??= rooms.bank.loosePayments().next().value ?? null;
  if (first) throw new Wrong(first);
  areNamed(witnesses, named.now);
  areNamed(kept.witnesses, named.ever);
  return rooms;
}

function areNamed(witnesses, named) {
  for (const one of witnesses) {
    if (!named.has(keyOf(one.name, hexOf(sha256(KEYS_LEAF, one.public))))) {
      wrong('The record does not name the witness %(name)s with this key.', { name: one.name });
    }
  }
}

function* checkpointsOf({ roots, audit, timestamps }) {
  if (roots.size) {
    yield say('Checkpoints: %(count)s kept, each signed, each the beginning of this record', {
      count: grouped(roots.size),
    });
  }
  if (audit) {
    yield say(
      'Checkpoints of the audit log: %(count)s kept, each signed; its leaves are not public, so nobody else can work out their roots',
      { count: grouped(audit) },
    );
  }
  if (timestamps) {
    yield say(
      'Timestamps: %(count)s, each of the checkpoint beside it; whether its authority signed it, openssl ts says',
      { count: grouped(timestamps) },
    );
  }
}

function* faultsOf({ place, says, linkBefore }, { books, walk, polls, bank }, named) {
  if (says.kind.startsWith('witness.')) {
    const key = keyOf(told(of(says, 'witness')), told(of(says, 'key')));
    if (says.kind === 'witness.added') {
      named.now.add(key);
      named.ever.add(key);
    } else if (says.kind === 'witness.removed') named.now.delete(key);
  }
  const rooms = [
    books.read(says),
    walk.read(place, says, books),
    polls.read(place, says, linkBefore),
    bank.read(says, walk, books),
  ];
  for (const room of rooms) {
    for (const fault of room) yield say('Leaf %(place)s: %(fault)s', { place, fault });
  }
}

const keyOf = (name, hash) => JSON.stringify([name, hash]);

function signedLine(key, size, { witnesses }) {
  const gaps = { log: key.name, size, witnesses: [...witnesses.keys()].sort().join(', ') };
  if (!witnesses.size) return say('Signatures: %(log)s, %(size)s leaves', gaps);
  return say('Signatures: %(log)s, %(size)s leaves, and %(witnesses)s', gaps);
}
