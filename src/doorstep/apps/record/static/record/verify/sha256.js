// SHA-256 (FIPS 180-4), at once rather than later: a record is hashed a million times, and asking
// WebCrypto for each would take longer than hashing. Works on plain http too, where it is missing.

const PRIMES = [];
for (let number = 2; PRIMES.length < 64; number++) {
  if (PRIMES.every((prime) => number % prime)) PRIMES.push(number);
}

// The first 32 bits of the fractional part of a root, in whole numbers: floats are not exact enough.
function fraction(prime, power) {
  const wanted = BigInt(prime) << BigInt(32 * power);
  let low = 0n;
  let high = wanted;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** BigInt(power) <= wanted) low = middle;
    else high = middle - 1n;
  }
  return Number(low & 0xffffffffn) | 0;
}

const ROUND = Int32Array.from(PRIMES, (prime) => fraction(prime, 3));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(prime, 2));
const WORDS = new Int32Array(64);

// The 32 bytes of the hash of all parts, one after another.
export function sha256(...parts) {
  const state = START.slice();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(((length + 72) >> 6) << 6);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  whole[length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(length / 0x20000000));
  view.setUint32(whole.length - 4, (length << 3) >>> 0);
  for (let block = 0; block < whole.length; block += 64) mix(state, view, block);
  const hash = new Uint8Array(32);
  const out = new DataView(hash.buffer);
  state.forEach((word, place) => out.setInt32(4 * place, word));
  return hash;
}

function mix(state, view, block) {
  for (let i = 0; i < 16; i++) WORDS[i] = view.getInt32(block + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = WORDS[i - 15];
    const y = WORDS[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    WORDS[i] = (WORDS[i - 16] + s0 + WORDS[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + WORDS[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

// A whole file: by WebCrypto where the browser has it here, which is faster for long ones.
export async function sha256OfFile(bytes) {
  if (!globalThis.crypto?.subtle || bytes.length < 4096) return sha256(bytes);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
