// What lies in a bundle beside its record, held against the leaves: the ledger as CSV, and words.

import { anyTextOf, bytesOf, hexOf, joined, textOf } from './bytes.js';
import { canonicalObject, of, told } from './json.js';
import { commitmentsIn } from './log.js';
import { Below, SEEN, SUMS } from './places.js';
import { wrong } from './said.js';
import { sha256 } from './sha256.js';

const LEDGER = 'ledger';
const WORDS = 'words.jsonl';
const MOST_NAMED = 3; // files of one folder
const HEADINGS =
  'transfer,entry,effective_on,kind,kind_in_words,direction,from,to,pence,reverses,reversed_by,leaf';
const CELL = /^(?:"(?:[^"]|"")*"|[^",\r\n]*)$/;
const WORDS_LINE =
  /^\{"salt": ?"([0-9a-f]{64})", ?"text": ?(".*"), ?"words": ?"words:([0-9a-f]{64})"\}$/s;

// The day of each entry of the ledger, and the leaf that tells it, in their order.
export class Posted {
  constructor() {
    this.told = [];
  }

  read(place, says) {
    if (says.kind === 'ledger.journal') this.told.push([told(of(says, 'effective_on')), place]);
  }
}

// Holds every CSV of the ledger against the leaves, value for value but for the kinds in words; how
// many there are.
export async function checkLedgerFiles(place, books, posted) {
  const found = new Below(place, LEDGER).names().filter((name) => name.endsWith('.csv'));
  const moved = new Set(books.entries.map(({ lines }) => books.purses.get(lines[0][0]).fund));
  for (const fund of found.length ? [...moved].sort() : []) {
    const file = `${LEDGER}/${fund}.csv`;
    if (!found.includes(`${fund}.csv`)) {
      wrong('The ledger of %(fund)s is missing (%(file)s).', { fund, file });
    }
  }
  for (const name of found) {
    const file = `${LEDGER}/${name}`;
    const lines = anyTextOf((await place.read(file)) ?? new Uint8Array()).split('\r\n');
    let number = 0;
    for (const [before, after] of rowsOf(name.slice(0, -'.csv'.length), books, posted)) {
      if (!isRow(lines[number], before, after)) notAsToldIn(file, number);
      number += 1;
    }
    if (lines.length !== number) notAsToldIn(file, number);
  }
  return found.length;
}

function notAsToldIn(file, number) {
  wrong('%(file)s: line %(number)s is not what the leaves say.', { file, number: number + 1 });
}

// Each line of a fund's CSV, as what stands before and after the kind in words.
function* rowsOf(fund, books, posted) {
  yield [HEADINGS, ''];
  const reversals = new Map(books.entries.map(({ reverses }, at) => [reverses, at + 1]));
  let transfer = 0;
  for (const [at, { kind, lines, reverses }] of books.entries.entries()) {
    const [day, leaf] = posted.told[at];
    const ends = `${reverses ?? ''},${reversals.get(at + 1) ?? ''},${leaf}`;
    for (const [giver, taker, pence] of lines) {
      transfer += 1;
      if (books.purses.get(giver).fund !== fund) continue;
      const [from, to] = [giver, taker].map((code) => code.startsWith('world:'));
      const way = from === to ? 'within' : from ? 'in' : 'out';
      yield [`${transfer},${at + 1},${day},${kind},`, `,${way},${giver},${taker},${pence},${ends}`];
    }
  }
  yield ['', ''];
}

function isRow(line, before, after) {
  if (line === undefined || !after) return line === before;
  const between = line.slice(before.length, line.length - after.length);
  return line === before + between + after && CELL.test(between);
}

// The commitments (hex) of the words that a bundle holds, once each is the hash of its words.
export async function readWords(place) {
  const found = new Set();
  if (!place.names().includes(WORDS)) return found;
  const text = textOf((await place.read(WORDS)) ?? new Uint8Array());
  if (text === null) wrong('%(file)s is not text.', { file: WORDS });
  for (const [at, line] of text.split('\n').entries()) {
    if (line) found.add(commitmentOf(line, at + 1));
  }
  return found;
}

function commitmentOf(line, number) {
  const match = WORDS_LINE.exec(line);
  const says = match && canonicalObject(bytesOf(`{"text":${match[2]}}`))?.value;
  if (!says || Object.keys(says).length !== 1) {
    wrong('%(file)s: line %(number)s is not words with their salt.', { file: WORDS, number });
  }
  const salt = Uint8Array.from(match[1].match(/../g), (pair) => Number.parseInt(pair, 16));
  if (hexOf(sha256(joined(salt, bytesOf(says.text)))) !== match[3]) {
    wrong('%(file)s: line %(number)s: its words are not those that the record commits to.', {
      file: WORDS,
      number,
    });
  }
  return match[3];
}

// Throws Wrong unless each of these, to which no leaf commits, is named by what a round asked, whose
// file the record names.
export async function checkWords(place, missing, polls) {
  for (const [round, poll] of polls.rounds) {
    if (!missing.size || !poll.steps.has('frozen')) continue;
    const frozen = await place.read(`rounds/${round}/frozen.jsonl`);
    for (const one of commitmentsIn(frozen ?? new Uint8Array())) missing.delete(one);
  }
  if (missing.size) {
    const [first] = [...missing].sort();
    wrong('%(file)s: nothing in the record commits to %(words)s.', { file: WORDS, words: `words:${first}` });
  }
}

// The files that no check read, many in one folder by their number; empty for none.
export function notLookedAt(place) {
  const names = place.names().filter((name) => ![SUMS, SEEN].includes(name) && !place.used.has(name));
  const tops = new Map();
  for (const top of names.filter((name) => name.includes('/')).map((name) => name.split('/')[0])) {
    tops.set(top, (tops.get(top) ?? 0) + 1);
  }
  const shown = [];
  for (const name of names) {
    const top = name.includes('/') ? name.split('/')[0] : null;
    const one = tops.get(top) > MOST_NAMED ? `${top}/… (${tops.get(top)})` : name;
    if (shown.at(-1) !== one) shown.push(one);
  }
  return shown.join(', ');
}
