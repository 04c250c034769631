// What the checker of the web page says of folders and addresses, asked by Python: for each line of
// standard input ({folder, seen}, {where, wait}, {zip} or {picked}) one line of standard output ({kind, says, lines}).
//
//   node verdicts.mjs FOLDER-OF-THE-MODULES

import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const modules = pathToFileURL(`${path.resolve(process.argv[2])}/`);
const { checkEverything } = await import(new URL('run.js', modules));
const { placeOf } = await import(new URL('picked.js', modules));
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

// `zip` is a file, `picked` a folder as a person picks it: with its own name before each path.
function placeAskedFor({ folder, where, wait, zip, picked }) {
  if (where) return new Web(where, wait);
  if (zip) return placeOf({ name: zip, zip: new Blob([fs.readFileSync(zip)]) });
  if (folder) return new Files(folder, filesBelow(folder));
  const files = [...filesBelow(picked)].map(([name, read]) => [
    `${path.basename(picked)}/${name}`,
    new Blob([read()]),
  ]);
  return placeOf({ name: path.basename(picked), files });
}

async function verdictOn(asked) {
  const lines = [];
  const line = (said) => lines.push(sentence(said));
  try {
    const told = { seen: asked.seen ?? {}, given: asked.given ?? null, line };
    await checkEverything(await placeAskedFor(asked), told);
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
