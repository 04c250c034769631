// Reads a zip file in the browser: names and places from its directory, contents when asked for.

import { anyTextOf } from './bytes.js';
import { unreadable } from './said.js';
import { MOST_OF_A_FILE, wholeOf } from './web.js';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65535;
const MANY = 0xffff; // "see the zip64 part" for a count, and the next for a size or a place
const LARGE = 0xffffffff;
const LOCKED = 1;
const WINDOWS = 0; // older ones part folders by \
const STORED = 0;
const DEFLATED = 8;

// {path: a function that gives the bytes}. `blob` is the zip file.
export async function filesOfZip(blob) {
  const tail = await viewOf(blob, Math.max(0, blob.size - END_BYTES - LONGEST_COMMENT), blob.size);
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) unreadable('This is no zip file, or its end is missing.');
  const count = tail.getUint16(at + 10, true);
  const begins = tail.getUint32(at + 16, true);
  if (count === MANY || begins === LARGE) tooLarge();
  const directory = await viewOf(blob, begins, begins + tail.getUint32(at + 12, true));
  const files = new Map();
  for (let number = 0, from = 0; number < count; number++) {
    const entry = entryAt(directory, from);
    if (files.has(entry.name)) unreadable('This zip file holds %(name)s twice.', { name: entry.name });
    if (!entry.name.endsWith('/')) files.set(entry.name, () => contentOf(blob, entry));
    from = entry.end;
  }
  return files;
}

function entryAt(view, at) {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) damaged();
  const length = view.getUint16(at + 28, true);
  const end = at + 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (end > view.byteLength) damaged();
  const written = anyTextOf(new Uint8Array(view.buffer, view.byteOffset + at + 46, length));
  const name = view.getUint8(at + 5) === WINDOWS ? written.replaceAll('\\', '/') : written;
  if (view.getUint16(at + 8, true) & LOCKED) {
    unreadable('This zip file is locked with a password. Unpack it, and pick the folder.');
  }
  const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
  const offset = view.getUint32(at + 42, true);
  if ([packed, size, offset].includes(LARGE)) tooLarge();
  return { name, end, method: view.getUint16(at + 10, true), packed, size, offset };
}

async function contentOf(blob, { name, method, packed, size, offset }) {
  if (size > MOST_OF_A_FILE) unreadable('%(name)s is too long.', { name });
  if (![STORED, DEFLATED].includes(method)) {
    unreadable(
      '%(name)s is packed in a way that this page does not read (%(method)s). Unpack the zip file, and pick the folder.',
      { name, method },
    );
  }
  const head = await viewOf(blob, offset, offset + 30);
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL) spoilt(name);
  const from = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const stream = blob.slice(from, from + packed).stream();
  const opened = method === STORED ? stream : stream.pipeThrough(new DecompressionStream('deflate-raw'));
  const data = await wholeOf(opened, name);
  return data.length === size ? data : spoilt(name);
}

const damaged = () => unreadable('The directory of this zip file is damaged.');
const spoilt = (name) => unreadable('This zip file is damaged at %(name)s.', { name });
const tooLarge = () =>
  unreadable('This zip file is larger than this page reads. Unpack it, and pick the folder.');

const viewOf = async (blob, from, to) => new DataView(await blob.slice(from, to).arrayBuffer());
