// Bytes as text, hex and base64, each in its one spelling.

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true });
const ENCODER = new TextEncoder();

export const bytesOf = (text) => ENCODER.encode(text);

// The text of UTF-8 bytes, or null where they are none.
export function textOf(bytes) {
  try {
    return STRICT.decode(bytes);
  } catch {
    return null;
  }
}

export const anyTextOf = (bytes) => LENIENT.decode(bytes);

export function hexOf(bytes) {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

// The bytes of base64 in its one spelling, or null.
export function fromBase64(text) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    return null;
  }
  if (btoa(binary) !== text) return null;
  return Uint8Array.from(binary, (one) => one.charCodeAt(0));
}

export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const isSame = (one, other) => one.length === other.length && startsWith(one, other);

// Whether a part stands anywhere in bytes.
export function includes(bytes, part) {
  for (let at = 0; at + part.length <= bytes.length; at++) {
    if (startsWith(bytes.subarray(at, at + part.length), part)) return true;
  }
  return false;
}

export function startsWith(bytes, beginning) {
  if (beginning.length > bytes.length) return false;
  for (let at = 0; at < beginning.length; at++) if (bytes[at] !== beginning[at]) return false;
  return true;
}
