import { MOST_CHANNELS } from '../domain/attribution/paths.ts';
import { BadPaths } from './problems.ts';

/**
 * Channels by the bytes of their names, numbered as they come. A name is recognised by its first word of four bytes,
 * then its last, then those between, so that reading one costs a few look-ups and makes no text. Short names, and
 * those whose first word many share, are looked up by a hash of all their bytes.
 */
export class ChannelTable {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** First words, open addressing: `keys`, and by slot the first channel of a chain, plus one; 0 where there is none. */
  keys = new Int32Array(FREE);
  heads = new Int32Array(FREE);
  shift = 32 - Math.log2(FREE);
  /** By channel: the next of its chain, plus one. */
  following: Int32Array = new Int32Array(64);
  /** By channel: its name in `stored`, and the last word of it. */
  starts: Int32Array = new Int32Array(64);
  lengths: Int32Array = new Int32Array(64);
  lastWords: Int32Array = new Int32Array(64);
  stored = new DataView(new ArrayBuffer(1024));

  /** Hashes of whole names, open addressing: the channel plus one. */
  #slots = new Int32Array(FREE);
  #used = 0;

  /**
   * The number of a channel, a new one for a new name.
   * @throws BadPaths when there are more than can be told apart
   */
  number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const made = this.names.length;
    if (made >= MOST_CHANNELS) {
      throw new BadPaths(
        `The paths name more than ${MOST_CHANNELS.toLocaleString('en-US')} channels, which is the limit; "${name.slice(0, 60)}" is one too many. Group channels before counting paths`,
      );
    }
    this.names.push(name);
    this.#numbers.set(name, made);
    this.#store(Buffer.from(name), made);
    return made;
  }

  /** The channel whose name is the bytes from, up to but not including, to; -1 where it is not known. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(bytes, from, to) & mask; ; slot = (slot + 1) & mask) {
      const channel = this.#slots[slot]! - 1;
      if (channel < 0) return -1;
      if (this.lengths[channel] !== to - from) continue;
      const start = this.starts[channel]! - from;
      let at = from;
      while (at < to && bytes[at] === this.stored.getUint8(start + at)) at += 1;
      if (at === to) return channel;
    }
  }

  #store(name: Uint8Array, channel: number): void {
    if (channel >= this.starts.length) {
      this.following = twice(this.following);
      this.starts = twice(this.starts);
      this.lengths = twice(this.lengths);
      this.lastWords = twice(this.lastWords);
    }
    while (this.#used + name.length > this.stored.byteLength) {
      const larger = new Uint8Array(this.stored.byteLength * 2);
      larger.set(new Uint8Array(this.stored.buffer));
      this.stored = new DataView(larger.buffer);
    }
    new Uint8Array(this.stored.buffer).set(name, this.#used);
    this.starts[channel] = this.#used;
    this.lengths[channel] = name.length;
    this.#used += name.length;
    if (this.names.length * 2 > this.#slots.length) this.#rehash();
    else this.#enter(channel);
  }

  /** Twice the slots: at most half of them are ever taken. */
  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    this.keys = new Int32Array(this.keys.length * 2);
    this.heads = new Int32Array(this.heads.length * 2);
    this.shift -= 1;
    for (let channel = 0; channel < this.names.length; channel++) this.#enter(channel);
  }

  #enter(channel: number): void {
    const start = this.starts[channel]!;
    const length = this.lengths[channel]!;
    const name = new Uint8Array(this.stored.buffer, start, length);
    const mask = this.#slots.length - 1;
    let slot = hashOf(name, 0, length) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = channel + 1;
    if (length < 4) return;
    const first = this.stored.getInt32(start, true);
    this.lastWords[channel] = this.stored.getInt32(start + length - 4, true);
    let place = Math.imul(first, WORD_HASH) >>> this.shift;
    while (this.heads[place] !== 0 && this.keys[place] !== first) place = (place + 1) & mask;
    if (this.#chainLength(place) >= LONGEST_CHAIN) return;
    this.keys[place] = first;
    this.following[channel] = this.heads[place]!;
    this.heads[place] = channel + 1;
  }

  #chainLength(place: number): number {
    let length = 0;
    for (let next = this.heads[place]!; next !== 0; next = this.following[next - 1]!) length += 1;
    return length;
  }
}

const FREE = 1 << 12;
export const WORD_HASH = 0x9e3779b1;
/** Names with one first word that are tried one by one; the others are found by their hash. */
const LONGEST_CHAIN = 8;

/** FNV-1a (Fowler, Noll, Vo), its high bits folded into the low ones. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function twice(old: Int32Array): Int32Array {
  const larger = new Int32Array(old.length * 2);
  larger.set(old);
  return larger;
}
