// Keys and signed checkpoints as C2SP writes them: signed-note, tlog-checkpoint, cosignature/v1.

import { anyTextOf, bytesOf, fromBase64, hexOf, isSame, joined, textOf, toBase64 } from './bytes.js';
import { Unreadable, say, unreadable, wrong } from './said.js';
import { sha256 } from './sha256.js';

const LOG = 1;
const WITNESS = 4;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const NAME = /^[^\s\x1c-\x1f\x85+]+$/u;

// {name, kind, public, id} of `name+id+key`.
export function readKey(text) {
  const [name, written, ...rest] = text.replace(/\n$/, '').split('+');
  const data = fromBase64(rest.join('+'));
  const isKey = data && data.length === 33 && (data[0] === LOG || data[0] === WITNESS);
  if (!NAME.test(name) || !isKey) unreadable('The key is not one: it is written name+id+key.');
  const id = sha256(bytesOf(name), Uint8Array.of(10), data).slice(0, 4);
  if (hexOf(id) !== written) {
    unreadable('The id of the key of %(name)s does not belong to it.', { name });
  }
  return { name, kind: data[0], public: data.slice(1), id };
}

export const spelled = (key) => `${key.name}+${hexOf(key.id)}+${hexOf(key.public)}`;

// The key as it is published and given out on paper.
export const lineOf = (key) =>
  `${key.name}+${hexOf(key.id)}+${toBase64(joined(Uint8Array.of(key.kind), key.public))}`;

export const isSameKey = (one, other) => spelled(one) === spelled(other) && one.kind === other.kind;

// The keys of a file, one a line; none where there is no file.
export function readKeys(data) {
  if (!data?.length) return [];
  return anyTextOf(data).replace(/\n$/, '').split('\n').map(readKey);
}

// {origin, size, written: the size as text, root, witnesses} of a checkpoint, once every signature under it is right.
// `check(public, message, signature)` says whether one is.
export async function readCheckpoint(data, log, witnesses, check) {
  const whole = textOf(data);
  if (whole === null) wrong('The checkpoint is not text.');
  const gap = whole.lastIndexOf('\n\n');
  const text = whole.slice(0, Math.max(gap, 0));
  const below = whole.slice(gap + 2);
  const match = /^([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)$/.exec(text);
  const root = match && fromBase64(match[3]);
  if (gap < 0 || !root || !below.endsWith('\n')) {
    wrong('The checkpoint is not three lines with signatures below them.');
  }
  if (match[1] !== log.name) {
    wrong('The checkpoint is of %(origin)s, not of %(log)s.', { origin: match[1], log: log.name });
  }
  const signers = new Map();
  let isSigned = false;
  for (const line of below.slice(0, -1).split('\n')) {
    const { key, at } = await signer(line, `${text}\n`, [log, ...witnesses], check);
    if (isSameKey(key, log)) isSigned = true;
    else if (!signers.has(key.name) || at > signers.get(key.name)) signers.set(key.name, at);
  }
  if (!isSigned) wrong('The checkpoint is not signed by %(log)s.', { log: log.name });
  return { origin: match[1], size: Number(match[2]), written: match[2], root, witnesses: signers };
}

async function signer(line, text, keys, check) {
  const parts = line.split(' ');
  const data = parts.length === 3 && parts[0] === '\u2014' ? fromBase64(parts[2]) : null;
  if (!data) wrong('A signature line of the checkpoint is not well formed.');
  for (const key of keys) {
    if (key.name !== parts[1] || !isSame(key.id, data.slice(0, 4))) continue;
    const stamp = key.kind === WITNESS ? data.slice(4, 12) : new Uint8Array();
    const at = stamp.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const head = stamp.length ? `cosignature/v1\ntime ${at}\n` : '';
    if (!(await check(key.public, bytesOf(head + text), data.slice(4 + stamp.length)))) {
      wrong('The signature of %(name)s does not belong to the checkpoint.', { name: key.name });
    }
    return { key, at };
  }
  return wrong('%(name)s signed the checkpoint and is no witness that the record names.', {
    name: parts[1],
  });
}

// Whether an Ed25519 signature holds, by WebCrypto. Throws Unreadable where this browser cannot.
export async function signatureHolds(key, message, signature) {
  if (signature.length !== 64) return false;
  const s = signature.slice(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (s >= ORDER) return false;
  let imported;
  try {
    imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
  } catch (problem) {
    if (problem?.name === 'DataError') return false;
    throw new Unreadable(say('This browser cannot check Ed25519 signatures here.'));
  }
  return crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, message);
}

// Whether this browser, at this address, can check signatures at all.
export async function canCheckSignatures() {
  try {
    const base = joined(Uint8Array.of(0x58), new Uint8Array(31).fill(0x66)); // the base point
    await crypto.subtle.importKey('raw', base, { name: 'Ed25519' }, false, ['verify']);
    return true;
  } catch {
    return false;
  }
}
