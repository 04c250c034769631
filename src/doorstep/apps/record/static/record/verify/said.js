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

// 12345 as 12,345.
export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
