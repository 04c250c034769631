// What the checker of the web page says of folders and addresses, asked by Python: for each line of
// standard input ({folder, seen} or {where, wait}) one line of standard output ({kind, says, lines}).
//
//   node verdicts.mjs FOLDER-OF-THE-MODULES

import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const modules = pathToFileURL(`${path.resolve(process.argv[2])}/`);
const { checkEverything } = await import(new URL('run.js', modules));
const { Files } = await import(new URL('places.js', modules));
const { Web } = await import(new URL('web.js', modules));
const { Wrong, Unreadable, sentence } = await import(new URL('said.js', modules));

function filesBelow(folder) {
  const names = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter((one) => one.isFile())
    .map((one) => path.join(one.parentPath ?? one.path, one.name));
  return new Map(
    files.map((name) => [path.relative(folder, name), () => new Uint8Array(fs.readFileSync(name))]),
  );
}

const placeOf = ({ folder, where, wait }) =>
  where ? new Web(where, wait) : new Files(folder, filesBelow(folder));

async function verdictOn(asked) {
  const lines = [];
  const line = (said) => lines.push(sentence(said));
  try {
    await checkEverything(placeOf(asked), { seen: asked.seen ?? {}, line });
  } catch (fault) {
    if (fault instanceof Wrong) return { kind: 'wrong', says: sentence(fault.said), lines };
    if (fault instanceof Unreadable) return { kind: 'unreadable', says: sentence(fault.said), lines };
    return { kind: 'crash', says: String(fault.stack), lines };
  }
  return { kind: 'right', says: '', lines };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await verdictOn(JSON.parse(line)))}\n`);
}
