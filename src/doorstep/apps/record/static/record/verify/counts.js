// Repeats each count from what was published of it, by the rule that was frozen before the vote.

import { hexOf } from './bytes.js';
import { readBallots } from './ballots.js';
import { checkedCertificate, checkedRule, found } from './certificate.js';
import { Fraction } from './fraction.js';
import { canonicalObject, isAlike, isObject, isWhole, of, told } from './json.js';
import { Unreadable, Wrong, grouped, say, wrong } from './said.js';
import { sha256 } from './sha256.js';

const BALLOTS = 'ballots.pb';
const TOTALS = 'totals.json';

// Gives a line for each round to `line`. Throws Wrong for the first round that is wrong.
export async function checkRounds(place, polls, walk, line, tell) {
  for (const [round, poll] of [...polls.rounds].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (!poll.steps.has('frozen')) continue;
    try {
      const verdict = await checked(place, round, poll, walk, tell);
      if (verdict) line(say('Round %(round)s: %(verdict)s', { round, verdict }));
    } catch (fault) {
      if (!(fault instanceof Wrong || fault instanceof Unreadable)) throw fault;
      wrong('Round %(round)s: %(verdict)s', { round, verdict: fault.said });
    }
  }
}

async function checked(place, round, poll, walk, tell) {
  const file = (name) => place.read(`rounds/${round}/${name}`);
  const frozen = await file('frozen.jsonl');
  if (!frozen) wrong('What it asks was frozen, and its file frozen.jsonl is missing.');
  sameHash(frozen, poll, 'frozen', 'fingerprint', say('What it asks'));
  const { asked, costs } = whatWasFrozen(frozen);
  if (isSaid(of(asked, 'terms')) && of(asked.rule ?? {}, 'seed') !== poll.linkBeforeFrozen) {
    wrong("The seed of its lot is not the record's last link before it was frozen.");
  }
  const step = poll.steps.has('counted') ? 'counted' : 'decided';
  if (!poll.steps.has(step)) return null;
  const { outcome, winners } = await resultOf(file, poll, step);
  winnersFit(winners, of(poll.steps.get(step).says, 'funded'), asked.budget_pence, costs);
  awardsFollow(poll, step, winners, costs, walk);
  if (step === 'decided') {
    if (winners.length !== costs.size) wrong('It was decided without a vote, and not everything is funded.');
    return say('no vote was needed: everything fits in the pot.');
  }
  ruleAsFrozen(outcome.rule, asked.rule ?? {});
  const voters = noMoreThanCodes(asked, poll);
  const name = of(poll.steps.get('closed').says, 'form') === 'totals' ? TOTALS : BALLOTS;
  const data = await file(name);
  if (!data) {
    const publication = of(termsOf(asked), 'publication');
    if (name === TOTALS || publication === undefined || publication === 'whole') {
      wrong('What it was counted from is public, and its file %(file)s is missing.', { file: name });
    }
    return signedByTwo(poll);
  }
  sameHash(data, poll, 'closed', 'ballots_sha256', say('Its ballots'));
  sameHash(data, poll, 'counted', 'ballots_sha256', say('Its ballots'));
  const ballots = name === TOTALS ? ballotsOfTotals(data) : readBallots(data);
  const number = ballots.votes.reduce((sum, vote) => sum + vote.count, 0);
  if (name === BALLOTS && voters !== number) {
    wrong('The record names another number of ballots than are published.');
  }
  asFrozen(ballots, asked.budget_pence, costs);
  const certificate = name === BALLOTS ? await file('certificate.json') : null;
  const truth = await countedAgain(outcome.rule, ballots, certificate, tell);
  const again = truth.winners.map((one) => one.id);
  if (!isAlike([...again].sort(), [...winners].sort())) {
    wrong('Counting its ballots again gives other winners than its result.');
  }
  asCounted(outcome, truth);
  if (name === TOTALS) {
    return say('counted again from the totals that two people counted: the same winners.');
  }
  return say('counted again from %(count)s ballots: the same winners.', { count: grouped(number) });
}

async function countedAgain(frozen, ballots, certificate, tell) {
  const rule = checkedRule(frozen, ballots);
  if (!certificate) return found(ballots, rule, [], tell);
  const truth = await checkedCertificate(certificate, ballots, tell);
  if (!isAlike(truth.rule, rule)) wrong('Its certificate is of another rule than its result.');
  return truth;
}

async function resultOf(file, poll, step) {
  const data = await file('result.json');
  if (!data) wrong('It was counted, and its file result.json is missing.');
  sameHash(data, poll, step, 'result_sha256', say('Its result'));
  const outcome = objectOf(data, 'result.json');
  const winners = of(outcome, 'winners');
  const areNames = Array.isArray(winners) && winners.every((one) => typeof one === 'string');
  if (!areNames || new Set(winners).size !== winners.length) notSuchAFile('result.json');
  if (step === 'counted' && !isObject(of(outcome, 'rule'))) notSuchAFile('result.json');
  return { outcome, winners };
}

// {asked, costs: idea to pence} of what was frozen.
function whatWasFrozen(data) {
  const [asked, ...ideas] = linesOf(data).map((line) => objectOf(line, 'frozen.jsonl'));
  const rule = of(asked, 'rule') ?? null;
  if (!isWhole(of(asked, 'budget_pence')) || !(rule === null || isObject(rule))) {
    notSuchAFile('frozen.jsonl');
  }
  return { asked, costs: costsOf(ideas, 'frozen.jsonl') };
}

function* cut(data) {
  let from = 0;
  for (let end; (end = data.indexOf(10, from)) >= 0; from = end + 1) yield data.subarray(from, end);
  yield data.subarray(from);
}

const linesOf = (data) => [...cut(data)];

// Totals as ballots of one idea each: the greedy rules look at nothing else.
function ballotsOfTotals(data) {
  const totals = objectOf(data, TOTALS);
  const [ideas, pot] = [of(totals, 'ideas'), of(totals, 'budget_pence')];
  if (!Array.isArray(ideas) || !isWhole(pot)) notSuchAFile(TOTALS);
  const costs = costsOf(ideas, TOTALS);
  for (const one of ideas) {
    if (!isWhole(of(one, 'votes')) || typeof of(one, 'withdrawn') !== 'boolean') notSuchAFile(TOTALS);
  }
  return {
    sha256: hexOf(sha256(data)),
    meta: new Map(),
    kind: 'approval',
    pot: pounds(pot),
    projects: ideas.map(({ id, withdrawn }) => ({ id, name: '', cost: pounds(costs.get(id)), withdrawn })),
    votes: ideas
      .map(({ votes }, at) => ({ choices: [at], points: [], count: votes }))
      .filter((vote) => vote.count),
  };
}

const pounds = (pence) => new Fraction(BigInt(pence), 100n);

function costsOf(ideas, file) {
  const costs = new Map();
  for (const one of ideas) {
    const isIdea = isObject(one) && typeof of(one, 'id') === 'string' && isWhole(of(one, 'cost_pence'));
    if (!isIdea || costs.has(one.id)) notSuchAFile(file);
    costs.set(one.id, one.cost_pence);
  }
  return costs;
}

function objectOf(data, file) {
  const read = canonicalObject(data);
  if (!read || read.isLarge) notSuchAFile(file);
  return read.value;
}

function notSuchAFile(file) {
  wrong('Its file %(file)s does not hold what such a file holds.', { file });
}

// What Python calls true: not nothing, nought, an empty text, list or object.
const isSaid = (value) =>
  Boolean(value) && !(typeof value === 'object' && !Object.keys(value).length);

function sameHash(data, poll, step, name, what) {
  if (hexOf(sha256(data)) !== of(poll.steps.get(step).says, name)) {
    wrong('%(what)s: the file is not the one that the record names as %(step)s.', { what, step });
  }
}

function winnersFit(winners, funded, potPence, costs) {
  if (funded !== winners.length || !winners.every((one) => costs.has(one))) {
    wrong('The record names another number of winners than its result.');
  }
  const spent = winners.reduce((sum, one) => sum + BigInt(costs.get(one)), 0n);
  if (spent > BigInt(potPence)) wrong('Its winners cost more than its pot.');
}

// All of a round's awards are made at once; until then there is none.
function awardsFollow(poll, step, winners, costs, walk) {
  const decision = poll.steps.get(step).place;
  const made = [...walk.awards.values()].filter((one) => of(one, 'decision') === decision);
  if (!made.length && !poll.steps.has('settled')) return;
  const byProject = new Map(made.map((one) => [told(of(one, 'project')), of(one, 'pence')]));
  const areAlike =
    byProject.size === winners.length && winners.every((one) => byProject.get(one) === costs.get(one));
  if (!areAlike) wrong('Its awards are not its winners, each with what it asked for.');
}

// What a round's people were told beforehand; an example has none.
function termsOf(asked) {
  const terms = of(asked, 'terms');
  return isObject(terms) ? terms : {};
}

// The ballots that the record says there are, which are no more than codes were used in a vote
// that is held by code.
function noMoreThanCodes(asked, poll) {
  const terms = termsOf(asked);
  const voters = of(poll.steps.get('closed').says, 'voters');
  const isByCode = isSaid(terms) && of(terms, 'size') !== 'room';
  if (isByCode && !(isWhole(voters) && voters <= poll.used)) {
    wrong('It has %(voters)s ballots, and %(used)s codes were used.', { voters: told(voters), used: poll.used });
  }
  return voters;
}

// What a result tells of votes and of the sum is what counting again gives.
function asCounted(outcome, truth) {
  const projects = of(outcome, 'projects');
  const rows = (Array.isArray(projects) ? projects : []).filter(isObject);
  const claimed = rows.map((one) => [told(of(one, 'id')), [of(one, 'votes') ?? null, of(one, 'won') ?? null]]);
  const won = truth.winners.map((one) => [one.id, [one.votes, true]]);
  const lost = truth.others.map((one) => [one.id, [one.votes, false]]);
  const areAlike = isAlike(Object.fromEntries(claimed), Object.fromEntries([...won, ...lost]));
  if (!areAlike || !isAlike(of(outcome, 'spent'), truth.spent)) {
    wrong('Its result tells other votes, or another sum, than counting again gives.');
  }
}

function ruleAsFrozen(used, frozen) {
  for (const setting of Object.keys(frozen).sort()) {
    const value = frozen[setting];
    if (value !== null && !isAlike(of(used, setting), value)) {
      wrong('It was counted with %(setting)s %(used)s; %(frozen)s was frozen.', {
        setting,
        used: told(of(used, setting)),
        frozen: told(value),
      });
    }
  }
}

function asFrozen(ballots, potPence, costs) {
  if (!ballots.pot.isSame(pounds(potPence))) wrong('Its ballots name another pot than was frozen.');
  const areAlike =
    ballots.projects.length === costs.size &&
    ballots.projects.every((one) => costs.has(one.id) && one.cost.isSame(pounds(costs.get(one.id))));
  if (!areAlike) wrong('Its ballots name other ideas, or other costs, than were frozen.');
}

function signedByTwo(poll) {
  const by = of(poll.steps.get('recount_signed')?.says ?? {}, 'by');
  const isByTwo = Array.isArray(by) && by.length > 1;
  const signed = isByTwo ? poll.steps.get('recount_signed').says : {};
  const [closed, counted] = [poll.steps.get('closed').says, poll.steps.get('counted').says];
  const right = [of(closed, 'ballots_sha256') ?? null, of(counted, 'result_sha256') ?? null];
  if (isAlike([of(signed, 'ballots_sha256') ?? null, of(signed, 'result_sha256') ?? null], right)) {
    return say('the recount was signed by two; its ballots are not public, so nobody else can.');
  }
  return say('its ballots are not public, and no two people have signed a recount.');
}
