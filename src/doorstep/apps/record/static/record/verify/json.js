// JSON as leaves are written: RFC 8785 with whole numbers only. Values are read strictly, because
// whoever is checked wrote them.

import { textOf } from './bytes.js';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/g;
const LONG = /[0-9]{16}/;
const LONGEST_NUMBER = 4300; // digits
const MOST_NESTED = 32;
const LONE = /\\ud[89a-f]/; // JSON.stringify escapes half a surrogate pair

// {value, isLarge} of an object in its one canonical spelling; null where the bytes are anything
// else. isLarge: some number in it is 2^53 or more, and `value` has 2 in its place.
export function canonicalObject(bytes) {
  const text = textOf(bytes);
  if (text === null) return null;
  const { tamed, isLarge } = withoutLarge(text);
  let value;
  try {
    value = JSON.parse(tamed);
  } catch {
    return null;
  }
  if (!isObject(value) || !isPlain(value, MOST_NESTED)) return null;
  const again = encoded(value);
  return again === tamed && !hasHalfAPair(again) ? { value, isLarge } : null;
}

// A reader of JavaScript would round a number of 2^53 or more without a word.
function withoutLarge(text) {
  let isLarge = false;
  if (!LONG.test(text)) return { tamed: text, isLarge };
  const tamed = text.replace(TOKEN, (token) => {
    const isWhole = /^-?[1-9][0-9]{15,}$/.test(token) && token.length <= LONGEST_NUMBER;
    if (!isWhole || Number.isSafeInteger(Number(token))) return token;
    isLarge = true;
    return '2';
  });
  return { tamed, isLarge };
}

// Whether half a surrogate pair, which has no bytes, stands in what JSON.stringify wrote.
export const hasHalfAPair = (text) => LONE.test(text.replaceAll('\\\\', ''));

// The canonical text of a value: names in the order of UTF-16 units, which is JavaScript's own.
export function encoded(value) {
  if (Array.isArray(value)) return `[${value.map(encoded).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${encoded(value[name])}`).join(',')}}`;
}

export const isObject = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isWhole = (value, least = 0) => Number.isSafeInteger(value) && value >= least;

// What an object says under a name; undefined where it says nothing.
export const of = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

// A value as a sentence shows it: text as it is, anything else as JSON.
export const told = (value) => (typeof value === 'string' ? value : encoded(value ?? null));

export const isAlike = (one, other) => encoded(one ?? null) === encoded(other ?? null);

// Whether every number is whole and kept exactly, and nothing is nested deeper than that.
function isPlain(value, deepest) {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return deepest > 0 && Object.values(value).every((one) => isPlain(one, deepest - 1));
}
