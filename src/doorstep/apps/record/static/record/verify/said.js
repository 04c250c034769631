// Sentences as {template, gaps}, so that they can be said in Welsh too, and sent between threads.

// The sentence in the language of `catalogue` ({English template: template}); English without one.
export function sentence({ template, gaps }, catalogue = {}) {
  return (catalogue[template] || template).replace(/%\((\w+)\)s/g, (_, name) => {
    const gap = gaps[name];
    return typeof gap === 'object' ? sentence(gap, catalogue) : String(gap);
  });
}

class Fault extends Error {
  constructor(said) {
    super(sentence(said));
    this.said = said;
  }
}

// The first thing that is wrong.
export class Wrong extends Fault {}

// It cannot be told whether anything is wrong.
export class Unreadable extends Fault {}

export const say = (template, gaps = {}) => ({ template, gaps });

export function wrong(template, gaps) {
  throw new Wrong(say(template, gaps));
}

export function unreadable(template, gaps) {
  throw new Unreadable(say(template, gaps));
}

// A text on one line. What a page would hide or turn round is shown as \x1b is.
export const plainly = (text) =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}\p{Zs}]/gu, (one) => (one === ' ' ? one : escaped(one)));

const NAMED = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(one) {
  const number = one.codePointAt(0);
  const [mark, length] = number < 0x100 ? ['x', 2] : number < 0x10000 ? ['u', 4] : ['U', 8];
  return NAMED[one] ?? `\\${mark}${number.toString(16).padStart(length, '0')}`;
}

// 12345 as 12,345.
export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
