// The checkpoints that a bundle keeps: each signed, and each the beginning of the record.

import { anyTextOf, bytesOf, hexOf, includes, textOf } from './bytes.js';
import { Below, required } from './places.js';
import { Wrong, wrong } from './said.js';
import { sha256 } from './sha256.js';
import { readCheckpoint, readKey, readKeys } from './signed.js';

const KEPT = 'checkpoints';
const AUDIT_IN_A_BUNDLE = 'record/log/audit';
const NAME = /^((public|audit)\/([1-9][0-9]*))((?:\.[0-9]+)?\.tsr)?$/;

// {roots: hex by size of the public log, audit and timestamps: how many, witnesses: keys of all who
// ever signed one}, with every signature checked; nothing is held against leaves yet.
export async function readKept(place, key, signed, check, tell) {
  const here = new Below(place, KEPT);
  const audit = new Below(place, AUDIT_IN_A_BUNDLE);
  const names = here.names();
  const witnesses = readKeys(names.includes('witnesses') ? await here.read('witnesses') : null);
  const roots = { public: new Map(), audit: new Map() };
  const keys = { public: key };
  let timestamps = 0;
  for (const [number, name] of names.entries()) {
    const match = NAME.exec(name);
    if (!match) continue;
    const [, note, log, size, isToken] = match;
    if (isToken) {
      await holdTimestamp(here, name, note);
      timestamps += 1;
      continue;
    }
    keys[log] ??= readKey(anyTextOf(await required(audit, 'key')));
    const one = await checkpointIn(here, name, `${KEPT}/${name}`, keys[log], witnesses, check);
    if (log === 'public' && one.size > signed.size) {
      wrong('%(name)s is of more leaves than the record has.', { name: `${KEPT}/${name}` });
    }
    if (one.written !== size) {
      wrong('%(name)s is of another size than its name says.', { name: `${KEPT}/${name}` });
    }
    roots[log].set(one.size, hexOf(one.root));
    await tell(number, null);
  }
  if (keys.audit) await holdNewest(audit, keys.audit, roots.audit, witnesses, check);
  return { roots: roots.public, audit: roots.audit.size, timestamps, witnesses };
}

async function checkpointIn(place, file, name, key, witnesses, check) {
  const data = await required(place, file);
  try {
    return await readCheckpoint(data, key, witnesses, check);
  } catch (fault) {
    if (!(fault instanceof Wrong)) throw fault;
    return wrong('%(name)s: %(fault)s', { name, fault: fault.said });
  }
}

// The audit log's last checkpoint stands beside the public one's, and is kept here too.
async function holdNewest(audit, key, roots, witnesses, check) {
  const name = `${AUDIT_IN_A_BUNDLE}/checkpoint`;
  const newest = await checkpointIn(audit, 'checkpoint', name, key, witnesses, check);
  const last = [...roots.keys()].reduce((one, other) => Math.max(one, other), 0);
  if (last !== newest.size || roots.get(last) !== hexOf(newest.root)) {
    wrong('%(name)s is not the last that is kept in %(folder)s.', { name, folder: `${KEPT}/audit` });
  }
}

// A timestamp holds the SHA-256 of the checkpoint's three lines (RFC 3161, messageImprint).
async function holdTimestamp(here, name, note) {
  const whole = textOf((await here.read(note)) ?? new Uint8Array()) ?? '';
  const gap = whole.lastIndexOf('\n\n');
  const digest = sha256(bytesOf(`${whole.slice(0, Math.max(gap, 0))}\n`));
  if (gap < 0 || !includes((await here.read(name)) ?? new Uint8Array(), digest)) {
    wrong('%(name)s is no timestamp of the checkpoint beside it.', { name: `${KEPT}/${name}` });
  }
}
