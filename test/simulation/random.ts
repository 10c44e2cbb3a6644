/** A generator of our own (sfc32): the same seed gives the same story on every machine. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** `stream`: seeds give as many generators as anybody wants; each tells of nothing in the others. */
  constructor(seed: number, stream = 0) {
    this.a = seed >>> 0;
    this.b = Math.floor(seed / 0x1_0000_0000) >>> 0;
    this.c = (0x9e3779b9 + Math.imul(stream, 0x85ebca6b)) | 0;
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** 32 bits. */
  private next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** From 0 up to but not including 1. */
  fraction(): number {
    return this.next() / 0x1_0000_0000;
  }

  /** Whole, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.next().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }

  /** A generator of its own, so that more draws in one part of the world do not change the others. */
  fork(): Random {
    return new Random(this.next() * 0x10_0000 + (this.next() >>> 12));
  }
}
