// What was asked for as a place to read from: an address, a folder that was picked, or a zip file.

import { Files, isLitter } from './places.js';
import { unreadable } from './said.js';
import { MOST_OF_A_FILE, Web } from './web.js';
import { filesOfZip } from './zip.js';

// Gets {where}, {name, files: [[path, File]]} or {name, zip: File}.
export async function placeOf({ where, name, files, zip }) {
  if (where) return new Web(where);
  const found = zip ? await filesOfZip(zip) : new Map(files.map(([path, file]) => [path, readerOf(path, file)]));
  return new Files(name, unwrapped(found));
}

const readerOf = (name, file) => async () => {
  if (file.size > MOST_OF_A_FILE) unreadable('%(name)s is too long.', { name });
  return new Uint8Array(await file.arrayBuffer());
};

const isAtTheTop = (files) =>
  files.has('checkpoint') || files.has('key') || [...files.keys()].some((path) => path.startsWith('record/log/'));

// Without the folders that everything was picked, zipped or unpacked in.
export function unwrapped(files) {
  const tops = new Set([...files.keys()].filter((path) => !isLitter(path)).map((path) => path.split('/')[0]));
  const [top] = tops;
  if (tops.size !== 1 || files.has(top) || isAtTheTop(files)) return files;
  const inside = [...files].filter(([path]) => path.startsWith(`${top}/`));
  return unwrapped(new Map(inside.map(([path, read]) => [path.slice(top.length + 1), read])));
}
