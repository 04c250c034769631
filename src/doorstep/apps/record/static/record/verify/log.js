// Reads a whole log: every leaf, every tile, and the tree of RFC 6962 over them.

import { anyTextOf, bytesOf, hexOf, isSame, joined, startsWith } from './bytes.js';
import { canonicalObject, of } from './json.js';
import { grouped, wrong } from './said.js';
import { sha256 } from './sha256.js';

const IN_A_TILE = 256;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const LINK = Uint8Array.of(2);

// Calls take({place, says, linkBefore}) for every leaf in order; the log must begin with each root
// in `seen`, and each of an earlier checkpoint in `kept` ({size: hex}); of `words`, the commitments of
// what lies beside it, those are taken out that a leaf names. What is wrong with the whole shows at
// the end.
export async function everyLeaf(place, signed, { seen, kept, words }, take, tell) {
  const tree = new Tree(place);
  let chain = new Uint8Array(32);
  let index = 0;
  let other = 0;
  while (index < signed.size) {
    const number = index / IN_A_TILE;
    const width = Math.min(IN_A_TILE, signed.size - index);
    const name = `tile/entries/${numbered(number, width)}`;
    lookAhead(place, number, signed.size);
    const data = await publishedTile(place, 'entries', number, width);
    if (!data) wrong('The leaves from %(index)s on are missing (%(name)s).', { index, name });
    await beginAlike(place, `tile/entries/${numbered(number, IN_A_TILE)}`, width, data);
    if (words.size) for (const one of commitmentsIn(data)) words.delete(one);
    for (const body of leavesOf(data, width, name)) {
      const hashed = sha256(LEAF, body);
      if (tree.add(hashed)) await tree.holdFinished();
      take({ place: index, says: saidBy(body, index), linkBefore: chain });
      chain = sha256(LINK, chain, hashed);
      index += 1;
      if (seen.has(index) || kept.has(index)) {
        const root = hexOf(tree.root());
        isAsSeen(index, root, seen);
        if ((kept.get(index) ?? root) !== root) other ||= index;
      }
    }
    await tell(index, signed.size);
  }
  await tree.finish();
  if (!isSame(tree.root(), signed.root)) {
    wrong('The leaves do not lead to the root that was signed.');
  }
  // Said last, because a damaged leaf leads to no root at all.
  if (other) {
    wrong(
      'SPLIT VIEW: the first %(count)s leaves are not those that %(name)s signs. The past was rewritten.',
      { count: grouped(other), name: `checkpoints/public/${other}` },
    );
  }
}

// Every commitment to words that stands anywhere in a file, in hex.
export function* commitmentsIn(data) {
  for (const [, one] of anyTextOf(data).matchAll(/words:([0-9a-f]{64})/g)) yield one;
}

function isAsSeen(size, root, seen) {
  if ((seen.get(size) ?? root) !== root) {
    wrong(
      'SPLIT VIEW: the first %(count)s leaves are not those that were seen before. The past was rewritten.',
      { count: grouped(size) },
    );
  }
}

// Asks an address for the next bundles while this one is hashed.
function lookAhead(place, number, size) {
  const last = Math.min(number + 8, Math.ceil(size / IN_A_TILE) - 1);
  for (let next = number; next <= last; next++) {
    const width = Math.min(IN_A_TILE, size - next * IN_A_TILE);
    place.expect(`tile/entries/${numbered(next, width)}`);
    place.expect(`tile/0/${numbered(next, width)}`);
  }
}

class Tree {
  constructor(place) {
    this.place = place;
    this.size = 0;
    this.peaks = [];
    this.tiles = [[]];
    this.counts = [0];
  }

  // Takes a leaf's hash; whether a tile is full now and waits to be held.
  add(hashed) {
    let merged = hashed;
    for (let size = this.size; size & 1; size >>>= 1) merged = node(this.peaks.pop(), merged);
    this.peaks.push(merged);
    this.size += 1;
    return this.tiles[0].push(hashed) === IN_A_TILE;
  }

  // Holds every full tile against the published one, and begins the next.
  async holdFinished() {
    for (let level = 0; this.tiles[level]?.length === IN_A_TILE; level++) {
      await this.hold(level);
      const whole = rootOver(this.tiles[level]);
      this.tiles[level] = [];
      this.counts[level] += 1;
      if (level + 1 === this.tiles.length) {
        this.tiles.push([]);
        this.counts.push(0);
      }
      this.tiles[level + 1].push(whole);
    }
  }

  root() {
    if (!this.peaks.length) return sha256();
    return this.peaks.reduceRight((below, peak) => node(peak, below));
  }

  async finish() {
    for (let level = 0; level < this.tiles.length; level++) {
      if (this.tiles[level].length) await this.hold(level);
    }
  }

  async hold(level) {
    const tile = this.tiles[level];
    const name = `tile/${level}/${numbered(this.counts[level], tile.length)}`;
    const data = await publishedTile(this.place, level, this.counts[level], tile.length);
    if (!data) wrong('The hashes %(name)s are missing.', { name });
    if (!isSame(data, joined(...tile))) {
      wrong('The hashes %(name)s are not those of the leaves.', { name });
    }
    await beginAlike(this.place, name.split('.p/')[0], tile.length, data);
  }
}

const node = (left, right) => sha256(NODE, left, right);

function rootOver(hashes) {
  let row = hashes;
  while (row.length > 1) {
    const above = [];
    for (let at = 0; at < row.length; at += 2) above.push(node(row[at], row[at + 1]));
    row = above;
  }
  return row[0];
}

// x001/x234/067, with .p/<width> where the tile is not whole (C2SP tlog-tiles).
export function numbered(number, width) {
  let path = String(number % 1000).padStart(3, '0');
  for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return width < IN_A_TILE ? `${path}.p/${width}` : path;
}

// A tile, or as much as was signed of the whole one: a log drops what has grown.
async function publishedTile(place, kind, number, width) {
  const data = await place.read(`tile/${kind}/${numbered(number, width)}`);
  if (data || width === IN_A_TILE) return data;
  const whole = await place.read(`tile/${kind}/${numbered(number, IN_A_TILE)}`);
  return whole && whole.subarray(0, kind === 'entries' ? endOfLeaves(whole, width) : 32 * width);
}

function endOfLeaves(data, width) {
  let at = 0;
  for (let count = 0; count < width; count++) at += 2 + ((data[at] << 8) | data[at + 1]);
  return at;
}

// What was published of a tile while it was smaller must be its beginning, and it that of what is
// published of it already, before a larger checkpoint is.
async function beginAlike(place, whole, width, data) {
  for (const name of place.partials(whole)) {
    const read = await place.read(name);
    const found = read?.length ? read : Uint8Array.of(0);
    const wider = name.slice(name.lastIndexOf('/') + 1);
    const isWider = /^[0-9]{1,3}$/.test(wider) && Number(wider) > width;
    if (!(isWider ? startsWith(found, data) : startsWith(data, found))) {
      wrong('%(name)s is not the beginning of what grew out of it.', { name });
    }
  }
}

function* leavesOf(data, width, name) {
  let at = 0;
  for (let count = 0; count < width; count++) {
    const end = at + 2 + ((data[at] << 8) | data[at + 1]);
    if (at + 2 > data.length || end > data.length) {
      wrong('The bundle %(name)s ends in the middle of a leaf.', { name });
    }
    yield data.subarray(at + 2, end);
    at = end;
  }
  if (at !== data.length) wrong('The bundle %(name)s holds more than its leaves.', { name });
}

function saidBy(body, index) {
  const read = canonicalObject(body);
  if (!read) wrong('Leaf %(index)s is not canonical JSON.', { index });
  const says = read.value;
  const isWhole =
    of(says, 'v') === 1 && typeof of(says, 'kind') === 'string' && typeof of(says, 'time') === 'string';
  if (!isWhole) wrong('Leaf %(index)s does not say its version, kind and time.', { index });
  if (read.isLarge) wrong('Leaf %(index)s holds a number of 2^53 or more.', { index });
  return says;
}
