/** Touches as they come in. */
export interface TouchBlock {
  rows: number;
  /** Number of the journey in 64 bits, the low ones first. */
  journey: Uint32Array;
  /** What else tells journeys of one number apart; null where nothing needs to. */
  check: Uint32Array | null;
  time: Float64Array;
  /** The channel, and above its 16 bits 1 where this touch says that the journey converted, 2 where it is wrong. */
  mark: Uint32Array;
  value: Float64Array | null;
}

/** Touches of a bucket, one behind the other; without checks and values where there are none. */
export interface TouchColumns {
  rows: number;
  low: Uint32Array;
  high: Uint32Array;
  check: Uint32Array;
  time: Float64Array;
  mark: Uint32Array;
  value: Float64Array;
}

const WRONG = 2 << 16;

const COLUMNS = ['low', 'high', 'check', 'time', 'mark', 'value'] as const;

/** Rows of a page, and of a slab that pages are cut from: buckets grow by pages, and nothing is copied to make room. */
const PAGE = 2048;
const SLAB = 512 * PAGE;

/** @param isShared Whether several threads look at them. */
function columns(rows: number, withCheck: boolean, withValue: boolean, isShared = false): TouchColumns {
  const bytes = (count: number) => (isShared ? new SharedArrayBuffer(count) : new ArrayBuffer(count));
  return {
    rows: 0,
    low: new Uint32Array(bytes(4 * rows)),
    high: new Uint32Array(bytes(4 * rows)),
    check: new Uint32Array(bytes(withCheck ? 4 * rows : 0)),
    time: new Float64Array(bytes(8 * rows)),
    mark: new Uint32Array(bytes(4 * rows)),
    value: new Float64Array(bytes(withValue ? 8 * rows : 0)),
  };
}

/** Touches in buckets, as they pass between threads. */
export interface TouchBuckets {
  slabs: TouchColumns[];
  /** Pages by bucket, numbered over all slabs. */
  pages: number[][];
  /** By bucket: the next free row in the slab of its last page. */
  next: Int32Array;
  withCheck: boolean;
  withValue: boolean;
}

/** The touches of a bucket. */
export function bucketAt(
  { slabs, pages, next, withCheck, withValue }: TouchBuckets,
  number: number,
): TouchColumns {
  const own = pages[number]!;
  const last = own.length - 1;
  const filled = (next[number]! - 1) % PAGE;
  const all = columns(last < 0 ? 0 : last * PAGE + filled + 1, withCheck, withValue);
  for (const [place, page] of own.entries()) {
    const slab = slabs[Math.floor((page * PAGE) / SLAB)]!;
    const from = (page * PAGE) % SLAB;
    const rows = place < last ? PAGE : filled + 1;
    for (const name of COLUMNS) {
      if (all[name].length > 0) all[name].set(slab[name].subarray(from, from + rows), all.rows);
    }
    all.rows += rows;
  }
  return all;
}

/** Spreads touches over buckets by journey. About 20 bytes a touch, 28 with values. */
export class TouchPages {
  readonly #slabs: TouchColumns[] = [];
  /** Pages by bucket, numbered over all slabs. */
  readonly #pages: number[][];
  /** By bucket: the slab of its last page, and the next free row in it. */
  readonly #slab: TouchColumns[];
  readonly #next: Int32Array;
  readonly #withValue: boolean;
  #withCheck = false;
  /** Touches that cannot be read. */
  wrong = 0;
  #pageCount = 0;

  constructor(buckets: number, withValue: boolean) {
    this.#pages = Array.from({ length: buckets }, () => []);
    this.#slab = Array.from({ length: buckets }, () => columns(0, false, false));
    this.#next = new Int32Array(buckets);
    this.#withValue = withValue;
  }

  add(block: TouchBlock): void {
    const { rows, journey, check, time, mark, value } = block;
    const next = this.#next;
    const slabs = this.#slab;
    this.#withCheck ||= check !== null;
    for (let row = 0; row < rows; row++) {
      if (mark[row]! >= WRONG || !Number.isFinite(time[row]!) || (value && !(value[row]! >= 0))) {
        this.wrong += 1;
        continue;
      }
      const low = journey[2 * row]!;
      const high = journey[2 * row + 1]!;
      const bucket = bucketOf(low, high, next.length);
      if (next[bucket]! % PAGE === 0) this.#addPage(bucket);
      const at = next[bucket]!++;
      const slab = slabs[bucket]!;
      slab.low[at] = low;
      slab.high[at] = high;
      slab.time[at] = time[row]!;
      slab.mark[at] = mark[row]!;
      if (check) slab.check[at] = check[row]!;
      if (value) slab.value[at] = value[row]!;
    }
  }

  /** All that has come in. */
  buckets(): TouchBuckets {
    return {
      slabs: this.#slabs,
      pages: this.#pages,
      next: this.#next,
      withCheck: this.#withCheck,
      withValue: this.#withValue,
    };
  }

  #addPage(bucket: number): void {
    const page = this.#pageCount++;
    if ((page * PAGE) % SLAB === 0) this.#slabs.push(columns(SLAB, this.#withCheck, this.#withValue, true));
    this.#pages[bucket]!.push(page);
    this.#slab[bucket] = this.#slabs.at(-1)!;
    this.#next[bucket] = (page * PAGE) % SLAB;
  }
}

/** Journeys are often numbered without gaps: their numbers are mixed before they choose a bucket. */
function bucketOf(low: number, high: number, buckets: number): number {
  let hash = Math.imul(low, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0x9e3779b1) >>> 8) % buckets;
}
