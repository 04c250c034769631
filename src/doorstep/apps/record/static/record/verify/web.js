// Files of a web server: only an answer that came whole and is that file is taken.

import { joined } from './bytes.js';
import { Unreadable, unreadable } from './said.js';

export const MOST_OF_A_FILE = 64 << 20;
const LONGEST_WAIT = 600000; // milliseconds for one file, however steadily it trickles

// An address of the web, without the last slash.
export class Web {
  constructor(where, wait = LONGEST_WAIT) {
    this.where = where;
    this.wait = wait;
    this.expected = new Map();
    this.isWeb = true;
    this.used = new Set(); // of an address nothing is listed, so nothing is told apart
  }

  names() {
    return [];
  }

  partials() {
    return [];
  }

  // Asks for a file that will be read soon.
  expect(name) {
    if (!this.expected.has(name)) this.expected.set(name, this.#fetch(name).catch((fault) => fault));
  }

  async read(name) {
    const waiting = this.expected.get(name) ?? this.#fetch(name);
    this.expected.delete(name);
    const found = await waiting;
    if (found instanceof Error) throw found;
    return found;
  }

  async #fetch(name) {
    const address = `${this.where}/${name.split('/').map(encodeURIComponent).join('/')}`;
    // What the browser kept from last time may be older than the rest: each file is asked for anew.
    const how = { credentials: 'omit', cache: 'no-cache', signal: AbortSignal.timeout(this.wait) };
    try {
      const answer = await fetch(address, how);
      if (answer.status === 404 || answer.status === 410) return null;
      refuseAnotherThing(name, address, answer);
      return await wholeOf(answer.body, name);
    } catch (problem) {
      if (problem instanceof Unreadable) throw problem;
      return unreadable('%(name)s cannot be reached (%(why)s).', { name, why: problem.message });
    }
  }
}

// A page that says "please sign in" is no forgery.
function refuseAnotherThing(name, address, answer) {
  const there = new URL(answer.url).origin;
  if (there !== new URL(address).origin) {
    unreadable('%(name)s is sent on to %(there)s, which was not asked for.', { name, there });
  }
  if (answer.status !== 200) unreadable('%(name)s answered %(status)s.', { name, status: answer.status });
  const isPage = (answer.headers.get('Content-Type') ?? '').startsWith('text/html');
  if (isPage && !name.endsWith('.html')) {
    unreadable('%(name)s answered with a web page instead of the file.', { name });
  }
}

// Everything that a stream holds, unless it is more than a file may be.
export async function wholeOf(stream, name) {
  const pieces = [];
  const reader = stream.getReader();
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return joined(...pieces);
    pieces.push(value);
    length += value.length;
    if (length > MOST_OF_A_FILE) {
      reader.cancel().catch(() => {});
      unreadable('%(name)s is too long.', { name });
    }
  }
}
