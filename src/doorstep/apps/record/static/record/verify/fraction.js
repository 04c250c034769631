// Exact ratios of whole numbers, in lowest terms, the lower one positive.

export class Fraction {
  constructor(above, below = 1n) {
    const shared = gcd(above < 0n ? -above : above, below);
    this.above = above / shared;
    this.below = below / shared;
  }

  // A ratio or decimal as text, such as 1/3 or 2.50.
  static read(text) {
    if (text.includes('/')) return new Fraction(...text.split('/').map(BigInt));
    const [whole, part = ''] = text.split('.');
    return new Fraction(BigInt(whole + part), 10n ** BigInt(part.length));
  }

  times(number) {
    return new Fraction(this.above * number, this.below);
  }

  plus(other) {
    return new Fraction(this.above * other.below + other.above * this.below, this.below * other.below);
  }

  isSame(other) {
    return this.above === other.above && this.below === other.below;
  }

  isUnder(other) {
    return this.above * other.below < other.above * this.below;
  }

  // Of what is known to be whole.
  get whole() {
    return this.above / this.below;
  }

  get ratio() {
    return `${this.above}/${this.below}`;
  }

  // The exact decimal where there is one, with no zero too many; else the ratio.
  get decimal() {
    for (let places = 0; places < 40; places++) {
      const scaled = this.times(10n ** BigInt(places));
      if (scaled.below !== 1n) continue;
      const digits = String(scaled.above).padStart(places + 1, '0');
      return places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
    }
    return this.ratio;
  }
}

export const ZERO = new Fraction(0n);

export function gcd(one, other) {
  while (other) [one, other] = [other, one % other];
  return one || 1n;
}

export const lcm = (numbers) => numbers.reduce((all, one) => (all / gcd(all, one)) * one, 1n);
