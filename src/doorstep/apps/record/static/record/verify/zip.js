// Reads a zip file in the browser: names and places from its directory, contents when asked for.

import { anyTextOf } from './bytes.js';
import { unreadable } from './said.js';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65535;
const STORED = 0;
const DEFLATED = 8;

// {path: a function that gives the bytes}. `blob` is the zip file.
export async function filesOfZip(blob) {
  const tail = await viewOf(blob, Math.max(0, blob.size - END_BYTES - LONGEST_COMMENT), blob.size);
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) unreadable('This is no zip file.');
  const count = tail.getUint16(at + 10, true);
  const begins = tail.getUint32(at + 16, true);
  const directory = await viewOf(blob, begins, begins + tail.getUint32(at + 12, true));
  const files = new Map();
  for (let number = 0, from = 0; number < count; number++) {
    const entry = entryAt(directory, from);
    if (!entry.name.endsWith('/')) files.set(entry.name, () => contentOf(blob, entry));
    from = entry.end;
  }
  return files;
}

function entryAt(view, at) {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) {
    unreadable('The directory of this zip file is damaged.');
  }
  const length = view.getUint16(at + 28, true);
  const end = at + 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  const name = anyTextOf(new Uint8Array(view.buffer, view.byteOffset + at + 46, length));
  return {
    name,
    end,
    method: view.getUint16(at + 10, true),
    packed: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  };
}

async function contentOf(blob, { name, method, packed, offset }) {
  const head = await viewOf(blob, offset, offset + 30);
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL || ![STORED, DEFLATED].includes(method)) {
    unreadable('%(name)s cannot be read (%(why)s).', { name, why: `zip ${method}` });
  }
  const from = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const slice = blob.slice(from, from + packed);
  if (method === STORED) return new Uint8Array(await slice.arrayBuffer());
  const opened = slice.stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(opened).arrayBuffer());
}

const viewOf = async (blob, from, to) => new DataView(await blob.slice(from, to).arrayBuffer());
