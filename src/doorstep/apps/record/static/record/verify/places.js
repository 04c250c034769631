// Where everything is read from, if not from an address: the files that a person picked.

import { anyTextOf, hexOf } from './bytes.js';
import { Unreadable, unreadable, wrong } from './said.js';
import { sha256OfFile } from './sha256.js';
import { MOST_OF_A_FILE } from './web.js';

export const SUMS = 'SHA256SUMS';
const LEFT_BY_DESKTOPS = ['Thumbs.db', 'desktop.ini', 'System Volume Information', '__MACOSX'];
const ABOUT = 'bundle.json';
export const SEEN = 'doorstep-seen.json'; // the reader's own note of verify.py

// What a file manager leaves in folders and zip files: nothing reads it, so nothing is said of it.
export const isLitter = (path) =>
  path.split('/').some((part) => part.startsWith('.') || LEFT_BY_DESKTOPS.includes(part));

// Files by their path below one folder: {path: a function that gives the bytes}.
export class Files {
  constructor(where, files) {
    this.where = where;
    this.files = files;
    this.used = new Set(); // the names of those that were read
  }

  names() {
    return [...this.files.keys()].filter((name) => !isLitter(name)).sort();
  }

  // The tiles that `whole` has grown out of, whatever their widths.
  partials(whole) {
    const names = [...this.files.keys()].filter((name) => name.startsWith(`${whole}.p/`));
    return names.filter((name) => !isLitter(name)).sort();
  }

  expect() {}

  async read(name) {
    const read = this.files.get(name);
    if (!read) return null;
    this.used.add(name);
    let data;
    try {
      data = await read();
    } catch (problem) {
      if (problem instanceof Unreadable) throw problem;
      return unreadable('%(name)s cannot be read (%(why)s).', { name, why: problem.message });
    }
    return limited(name, data);
  }
}

// The same place, a folder further down.
export class Below {
  constructor(place, folder) {
    this.place = place;
    this.folder = folder;
    this.where = `${place.where}/${folder}`;
  }

  names() {
    return this.place
      .names()
      .filter((name) => name.startsWith(`${this.folder}/`))
      .map((name) => name.slice(this.folder.length + 1));
  }

  partials(whole) {
    return this.place
      .partials(`${this.folder}/${whole}`)
      .map((name) => name.slice(this.folder.length + 1));
  }

  expect(name) {
    this.place.expect(`${this.folder}/${name}`);
  }

  read(name) {
    return this.place.read(`${this.folder}/${name}`);
  }
}

export async function required(place, name) {
  const data = await place.read(name);
  return data ?? unreadable('There is no %(name)s in %(where)s.', { name, where: place.where });
}

function limited(name, data) {
  if (data.length > MOST_OF_A_FILE) unreadable('%(name)s is too long.', { name });
  return data;
}

// Holds every file of a bundle against its checksums; how many. 0 where there is no list.
export async function checkSums(place) {
  const listed = await place.read(SUMS);
  if (!listed) {
    if (place.names().includes(ABOUT)) {
      wrong('This is a bundle, and its list of checksums, %(file)s, is missing.', { file: SUMS });
    }
    return 0;
  }
  const sums = new Map();
  for (const line of anyTextOf(listed).replace(/\n$/, '').split('\n')) {
    const gap = line.indexOf('  ');
    sums.set(gap < 0 ? '' : line.slice(gap + 2), gap < 0 ? line : line.slice(0, gap));
  }
  sums.delete(SEEN);
  const names = new Set([...place.names(), ...sums.keys()]);
  for (const name of [SUMS, SEEN]) names.delete(name);
  for (const name of [...names].sort()) {
    if (!sums.has(name)) wrong('The file %(name)s is not in the list of checksums.', { name });
    const data = name.split('/').includes('..') ? null : await place.read(name);
    if (!data) wrong('The file %(name)s is in the list of checksums, and missing.', { name });
    if (hexOf(await sha256OfFile(data)) !== sums.get(name)) {
      wrong('The file %(name)s is not what its checksum says.', { name });
    }
  }
  place.used.clear(); // a sum is no check against the record
  return sums.size;
}
