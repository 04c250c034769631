// A small strict reader of Pabulib's .pb files. docs/count.md says what is read, and how.

import { hexOf, textOf } from './bytes.js';
import { Fraction } from './fraction.js';
import { Unreadable, say } from './said.js';
import { sha256 } from './sha256.js';

const NUMBER = /^[0-9]{1,18}(?:[.,][0-9]{1,9})?$/;
const UNCLEAR = /^[0-9]{1,3},[0-9]{3}$/; // a thousand, or one and a bit
const KINDS = ['approval', 'choose-1', 'cumulative', 'ordinal', 'scoring'];
const POINTED = ['cumulative', 'scoring'];
const TITLES = ['META', 'PROJECTS', 'VOTES'];
const LONGEST_CELL = 131072;
const SPACES = '[\\s\\x1c-\\x1f\\x85]';
const AROUND = new RegExp(`^${SPACES}+|${SPACES}+$`, 'g');

class Unfit extends Error {}

function refuse(why) {
  throw new Unfit(why);
}

// {sha256, meta, kind, pot, projects: [{id, name, cost, withdrawn}], votes}; a vote is {choices,
// points, count}, how many voted exactly so, in the order in which they first came.
export function readBallots(data) {
  try {
    return read(data);
  } catch (problem) {
    if (!(problem instanceof Unfit)) throw problem;
    throw new Unreadable(
      say('The ballots cannot be read as a .pb file: %(why)s.', { why: problem.message }),
    );
  }
}

function read(data) {
  const sections = sectionsOf(data);
  const meta = new Map();
  for (const row of (sections.get('META') ?? refuse('META')).slice(1)) {
    meta.set(row[0].toLowerCase(), row.slice(1).join(';').replace(/;+$/, ''));
  }
  const kind = (meta.get('vote_type') ?? refuse('vote_type')).toLowerCase();
  const pot = number(meta.get('budget') ?? refuse('budget'));
  const projects = [...rowsOf(sections, 'PROJECTS')].map((row) => ({
    id: cell(row, 'project_id'),
    name: row.get('name') || cell(row, 'project_id'),
    cost: number(cell(row, 'cost')),
    withdrawn: Boolean(row.get('withdrawn')),
  }));
  const place = new Map(projects.map((one, at) => [one.id, at]));
  if (!KINDS.includes(kind) || !pot.above || place.size !== projects.length) {
    refuse('its kind of vote, its pot or an id of a project means nothing');
  }
  return { sha256: hexOf(sha256(data)), meta, kind, pot, projects, votes: votesOf(sections, kind, place) };
}

function votesOf(sections, kind, place) {
  const votes = new Map();
  const voters = new Set();
  for (const row of rowsOf(sections, 'VOTES')) {
    const vote = voteOf(cell(row, 'vote'), POINTED.includes(kind) ? cell(row, 'points') : null, place);
    if (!POINTED.includes(kind) && kind !== 'ordinal') vote.choices.sort((a, b) => a - b);
    const voter = cell(row, 'voter_id');
    if ((kind === 'choose-1' && vote.choices.length > 1) || voters.has(voter)) {
      refuse(`voter ${voter} votes twice`);
    }
    voters.add(voter);
    const key = `${vote.choices}|${vote.points.map((one) => one.ratio)}`;
    if (votes.has(key)) votes.get(key).count += 1;
    else votes.set(key, { ...vote, count: 1 });
  }
  return [...votes.values()];
}

function voteOf(vote, points, place) {
  const choices = [];
  for (const id of vote.split(',').map(trimmed).filter(Boolean)) {
    choices.push(place.get(id) ?? refuse(id));
  }
  if (points === null) return { choices: [...new Set(choices)], points: [] };
  const given = points ? points.split(',').map((one) => number(trimmed(one))) : [];
  if (given.length !== choices.length) refuse('points');
  const pairs = choices.map((choice, at) => [choice, given[at]]).filter(([, point]) => point.above);
  pairs.sort(([a, p], [b, q]) => a - b || (p.isUnder(q) ? -1 : q.isUnder(p) ? 1 : 0));
  return { choices: pairs.map(([choice]) => choice), points: pairs.map(([, point]) => point) };
}

function sectionsOf(data) {
  const text = textOf(data) ?? refuse('UTF-8');
  const sections = new Map();
  let title = null;
  for (const row of rows(text.replace(/^\ufeff/, ''))) {
    const cells = row.map((one) => trimmed(one).replace(/\r\n?/g, '\n'));
    if (cells.every((one) => !one)) continue;
    const first = cells[0].toUpperCase();
    if (TITLES.includes(first) && cells.slice(1).every((one) => !one)) {
      title = first;
      if (sections.has(title)) refuse(`${title} comes twice`);
      sections.set(title, []);
    } else (sections.get(title) ?? refuse(cells[0])).push(cells);
  }
  return sections;
}

function* rowsOf(sections, title) {
  const [head, ...others] = sections.get(title) ?? refuse(title);
  const names = (head ?? refuse(title)).map((one) => one.toLowerCase());
  for (const row of others) yield new Map(names.map((name, at) => [name, row[at] ?? '']));
}

const cell = (row, name) => row.get(name) ?? refuse(name);

const trimmed = (text) => text.replace(AROUND, '');

function number(text) {
  if (!NUMBER.test(text) || UNCLEAR.test(text)) refuse(`${text} is not a plain number`);
  return Fraction.read(text.replace(',', '.'));
}

// Rows of cells between semicolons. A cell that begins with a quotation mark ends at the next
// single one, and may hold semicolons and lines.
function* rows(text) {
  let at = 0;
  while (at < text.length) {
    const row = [];
    let more = true;
    while (more) {
      let value = '';
      if (text[at] === '"') [value, at] = quoted(text, at + 1);
      const end = ending(text, at);
      value += text.slice(at, end);
      if (value.length > LONGEST_CELL) refuse('a cell is too long');
      row.push(value);
      more = text[end] === ';';
      at = end + 1;
      if (text[end] === '\r' && text[end + 1] === '\n') at += 1;
    }
    yield row;
  }
}

function quoted(text, from) {
  let value = '';
  for (let at = from; ; ) {
    const end = text.indexOf('"', at);
    if (end < 0) return [value + text.slice(at), text.length];
    value += text.slice(at, end);
    if (text[end + 1] !== '"') return [value, end + 1];
    value += '"';
    at = end + 2;
  }
}

function ending(text, from) {
  const mark = /[;\r\n]/g;
  mark.lastIndex = from;
  return mark.exec(text)?.index ?? text.length;
}
