// Everything that a certificate of a count says, found again from the ballots, and compared.

import { bytesOf, hexOf, textOf } from './bytes.js';
import { Election, byScore, phragmen, sum } from './election.js';
import { Fraction } from './fraction.js';
import { encoded, hasHalfAPair, isObject } from './json.js';
import { say, unreadable, wrong } from './said.js';
import { sha256 } from './sha256.js';
import { Shares, add1 } from './shares.js';

const FORM = 'doorstep count certificate 1';
const MEASURE = /^[0-9]{1,40}(\.[0-9]{1,40}|\/[1-9][0-9]{0,39})?$/;
const NAMES = ['equal-shares', 'greedy', 'greedy-no-skip', 'greedy-threshold', 'phragmen'];
const COMPLETIONS = ['none', 'add1', 'add1u', 'utilitarian'];
const SETTINGS = [
  'name',
  'utility',
  'completion',
  'increment',
  'integral_start',
  'stop_when_exhaustive',
  'threshold',
  'ties',
  'seed',
];

// Holds a certificate against the ballots; what it says, once it is right.
export async function checkedCertificate(data, ballots, tell) {
  let claim;
  try {
    claim = JSON.parse(textOf(data) ?? '');
  } catch (problem) {
    unreadable('The certificate is not JSON: %(why)s.', { why: problem.message });
  }
  if (!isObject(claim)) unreadable('The certificate is not a JSON object.');
  if (encoded(claim) !== textOf(data) || hasHalfAPair(encoded(claim))) {
    wrong('It is not written in the one canonical way: names sorted, no spaces.');
  }
  if (Object.hasOwn(claim, 'carry_over')) {
    unreadable('It says that something was carried over: give that file with --carry-over.');
  }
  if (claim.form !== FORM) {
    wrong('It is not of the form that this verifier knows, “%(form)s”.', { form: FORM });
  }
  if (!isObject(claim.election) || claim.election.sha256 !== ballots.sha256) {
    wrong('It is about other ballots: these have the SHA-256 %(digest)s.', { digest: ballots.sha256 });
  }
  const truth = await found(ballots, checkedRule(claim.rule, ballots), hintsOf(claim), tell);
  const { digest, ...told } = claim;
  compare(told, truth, '');
  if (digest !== hexOf(sha256(bytesOf(encoded(truth))))) {
    wrong('Its digest is not that of its contents: a setting was changed later.');
  }
  return truth;
}

// Everything that a certificate of these ballots under this rule says, but its digest.
export async function found(ballots, rule, claimed, tell) {
  const election = new Election(ballots, rule);
  const outcome = await winnersOf(election, claimed, tell);
  const { rounds, funded, left, shares } = outcome;
  const chosen = [...rounds.map((one) => one.project), ...funded];
  const about = (p) => ({
    id: ballots.projects[p].id,
    name: ballots.projects[p].name,
    cost: ballots.projects[p].cost.decimal,
    votes: Number(election.votes[p]),
  });
  return {
    form: FORM,
    election: {
      sha256: ballots.sha256,
      voters: Number(election.voters),
      projects: election.cost.length,
      budget: ballots.pot.decimal,
    },
    rule,
    shares,
    winners: [
      ...rounds.map((one) => ({
        ...about(one.project),
        price: election.priceOf(one.rate).ratio,
        paid_in_full: one.inFull === null ? null : Number(one.inFull),
        level: one.level.filter((p) => p !== one.project).map((p) => ballots.projects[p].id),
      })),
      ...funded.map((p) => ({ ...about(p), price: null, paid_in_full: null, level: [] })),
    ],
    others: election.cost
      .map((_, p) => p)
      .filter((p) => !chosen.includes(p))
      .map((p) => ({ ...about(p), left: left.has(p) ? left.get(p).ratio : null })),
    spent: election.money(sum(chosen.map((p) => election.cost[p]))).decimal,
  };
}

async function winnersOf(election, claimed, tell) {
  const { rule } = election;
  let rounds = [];
  let pot = election.pot;
  let line = [];
  let shares = null;
  const left = new Map();
  if (rule.name === 'phragmen') {
    ({ rounds, pot } = phragmen(election));
    for (const p of election.entrants) left.set(p, election.money(pot));
  } else if (rule.name !== 'equal-shares') {
    line = election.entrants;
  } else if (election.entrants.length) {
    const run = await bySharesOf(election, claimed, tell);
    ({ rounds } = run.shares);
    ({ about: shares } = run);
    const bought = rounds.map((one) => one.project);
    pot -= sum(bought.map((p) => election.cost[p]));
    const rest = election.entrants.filter((p) => !bought.includes(p));
    for (const p of rest) {
      const kept = run.shares.kept(p);
      left.set(p, new Fraction(kept.above, kept.below * election.unit));
    }
    if (['add1u', 'utilitarian'].includes(rule.completion) || allFit(election)) line = rest;
  }
  const { funded, atTurn } = byScore(election, line, pot, rule.name !== 'greedy-no-skip');
  if (!shares) for (const p of line) left.set(p, election.money(atTurn[p]));
  return { rounds, funded, left, shares };
}

const takesSteps = (rule) => ['add1', 'add1u'].includes(rule.completion);

// add1 takes no step where all who take part fit in the pot together: all are funded.
const allFit = (election) =>
  takesSteps(election.rule) && sum(election.entrants.map((p) => election.cost[p])) <= election.pot;

async function bySharesOf(election, claimed, tell) {
  const { rule, unit } = election;
  let first = election.pot / election.voters;
  if (rule.integral_start) {
    first -= first % unit;
    if (!first) wrong('The rule starts at a whole share, and the share is under one unit.');
  }
  let steps = 0;
  let history = [];
  if (takesSteps(rule) && !allFit(election)) {
    ({ steps, history } = await add1(election, first, claimed, tell));
  }
  const last = first + BigInt(steps) * election.step;
  const shares = new Shares(election, [last]);
  shares.isProved();
  if (!history.length) history = [[0, sum(shares.rounds.map((one) => election.cost[one.project]))]];
  const about = {
    first: election.money(first).ratio,
    final: election.money(last).ratio,
    steps,
    history: history.map(([step, spent]) => [step, election.money(spent).decimal]),
  };
  return { shares, about };
}

// The rule of a certificate or result, if it is one that can count these ballots.
export function checkedRule(rule, ballots) {
  const names = [...SETTINGS].sort();
  if (!isObject(rule) || Object.keys(rule).sort().join() !== names.join()) {
    wrong('Its rule has not exactly these settings: %(names)s.', { names: names.join(', ') });
  }
  const numbers = {};
  for (const key of ['increment', 'threshold']) {
    const text = rule[key] === null ? null : typeof rule[key] === 'string' ? rule[key] : encoded(rule[key]);
    if (text !== null && !MEASURE.test(text)) {
      wrong('The %(key)s of its rule is %(value)s, which is no number.', { key, value: short(rule[key]) });
    }
    numbers[key] = text === null ? null : Fraction.read(text);
  }
  for (const [key, isFit] of Object.entries(fits(rule, numbers, ballots))) {
    if (!isFit) {
      wrong('Its rule says %(key)s %(value)s, which means nothing here.', { key, value: short(rule[key]) });
    }
  }
  return rule;
}

function fits(rule, numbers, ballots) {
  const isShared = rule.name === 'equal-shares';
  const { increment, threshold } = numbers;
  const ofFile = (ballots.meta.get('min_project_score_threshold') ?? '').trim();
  const needsThreshold = rule.name === 'greedy-threshold' || (rule.name === 'greedy-no-skip' && ofFile);
  const isPlain = (key) => numbers[key] === null || rule[key] === numbers[key].decimal;
  return {
    name: NAMES.includes(rule.name),
    utility: utilitiesOf(rule.name, ballots.kind).includes(rule.utility),
    completion: (isShared ? COMPLETIONS : ['none']).includes(rule.completion),
    increment: (takesSteps(rule) ? Boolean(increment?.above) : increment === null) && isPlain('increment'),
    integral_start: typeof rule.integral_start === 'boolean' && (isShared || !rule.integral_start),
    stop_when_exhaustive:
      typeof rule.stop_when_exhaustive === 'boolean' && (takesSteps(rule) || !rule.stop_when_exhaustive),
    threshold: (threshold !== null || !needsThreshold) && isPlain('threshold'),
    ties: rule.ties === 'cost,votes,lot',
    seed: typeof rule.seed === 'string',
  };
}

function utilitiesOf(name, kind) {
  const fitting = { cumulative: 'score', scoring: 'score', ordinal: 'borda' }[kind] ?? 'count';
  if (name === 'equal-shares') return ['cost', 'count', fitting];
  if (name === 'phragmen') return ['approval', 'choose-1'].includes(kind) ? ['count'] : [];
  return ['count', fitting];
}

// The steps at which a certificate says that add1 chose anew; only worth trying, not true.
function hintsOf(claim) {
  const rows = isObject(claim.shares) && Array.isArray(claim.shares.history) ? claim.shares.history : [];
  return rows.map((row) => (Array.isArray(row) ? row[0] : null)).filter(Number.isSafeInteger);
}

// `where` is what the sentence calls the place, such as “winners, number 3 (c5), price”.
function compare(claim, truth, where) {
  if (isObject(claim) && isObject(truth)) {
    const about = typeof claim.id === 'string' ? `${where} (${claim.id})` : where;
    const odd = Object.keys(claim).filter((key) => !Object.hasOwn(truth, key));
    for (const key of [...Object.keys(truth), ...odd]) {
      const place = ascii(about ? `${about}, ${key}` : key);
      if (!Object.hasOwn(claim, key)) wrong('%(place)s is missing.', { place });
      if (!Object.hasOwn(truth, key)) wrong('%(place)s does not belong there.', { place });
      compare(claim[key], truth[key], place);
    }
  } else if (Array.isArray(claim) && Array.isArray(truth)) {
    for (let at = 0; at < Math.min(claim.length, truth.length); at++) {
      compare(claim[at], truth[at], `${where}, number ${at + 1}`);
    }
    if (claim.length !== truth.length) {
      wrong('%(place)s: the certificate has %(claim)s, and the ballots give %(truth)s.', {
        place: where,
        claim: claim.length,
        truth: truth.length,
      });
    }
  } else if (encoded(claim) !== encoded(truth)) {
    wrong('%(place)s: the certificate says %(claim)s, and the ballots give %(truth)s.', {
      place: where,
      claim: short(claim),
      truth: short(truth),
    });
  }
}

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const ascii = (text) => text.replace(/[^\x00-\x7f]/g, escaped);

// A value as JSON in ASCII, cut where it is long.
function short(value) {
  const text = ascii(encoded(value ?? null));
  return text.length < 80 ? text : `${text.slice(0, 76)}...`;
}
