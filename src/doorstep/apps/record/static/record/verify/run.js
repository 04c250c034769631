// Checks everything that stands at a place, and stops at the first thing that is wrong.

import { anyTextOf, hexOf } from './bytes.js';
import { Bank } from './bank.js';
import { Posted, checkLedgerFiles, checkWords, notLookedAt, readWords } from './beside.js';
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
  const { log, files } = await logAt(place, options);
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
  const words = log === place ? new Set() : await readWords(place);
  const count = words.size;
  const against = { seen: new Map(held ? [[held.size, held.root]] : []), kept: kept.roots, words };
  const rooms = await readLeaves(log, signed, against, witnesses, kept, options);
  const { books, walk, polls } = rooms;
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
  else {
    await checkRounds(place, polls, walk, options.line, step);
    await checkBeside(place, rooms, words, count, options.line);
    if (!files && !place.isWeb) {
      options.line(
        say(
          'Not checked: whether a file is missing or was damaged, because there is no list of checksums (SHA256SUMS)',
        ),
      );
    }
    const names = notLookedAt(place);
    if (names) options.line(say('Not checked against the record: %(names)s', { names }));
  }
  return { name: key.name, key: spelled(key), size: signed.size, root: hexOf(signed.root) };
}

// What lies beside the log; `words` are those of `count` that no leaf names.
async function checkBeside(place, { books, polls, posted }, words, count, line) {
  const files = await checkLedgerFiles(place, books, posted);
  if (files) {
    line(say('Ledger files: %(count)s, as the leaves say but for the kinds in words', { count: grouped(files) }));
  }
  await checkWords(place, words, polls);
  if (count) line(say('Words: %(count)s, each as the record commits to it', { count: grouped(count) }));
}

async function logAt(place, options) {
  if ((await place.read('checkpoint')) || (await place.read('key'))) return { log: place, files: 0 };
  const files = await checkSums(place);
  if (files) options.line(say('Files: %(count)s as their checksums say', { count: grouped(files) }));
  return { log: new Below(place, LOG_IN_A_BUNDLE), files };
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

async function readLeaves(log, signed, against, witnesses, kept, options) {
  const rooms = {
    books: new Books(),
    walk: new Walk(),
    polls: new Polls(),
    bank: new Bank(),
    posted: new Posted(),
  };
  const named = { now: new Set(), ever: new Set() };
  let first = null;
  const take = (leaf) => {
    rooms.posted.read(leaf.place, leaf.says);
    first ??= faultsOf(leaf, rooms, named).next().value ?? null;
  };
  await everyLeaf(log, signed, against, take, options.tell);
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
