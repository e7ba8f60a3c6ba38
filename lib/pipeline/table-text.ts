const FIRST_BYTES = 1 << 14;
/** Most bytes that a character of a string takes in UTF-8. */
const BYTES_PER_CHARACTER = 3;
const RECORD_BYTES = 32;

/** Rows of a raw table as JSON lines in UTF-8, written straight to where they stay. */
export class TableText {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  rows = 0;

  /** Adds a row, with the number of its record as `_record`. */
  add(json: string, record: number): void {
    const needed = this.#length + json.length * BYTES_PER_CHARACTER + RECORD_BYTES;
    if (needed > this.#bytes.length) this.#grow(needed);
    // The number takes the place of the brace that ends the row.
    const end = this.#length + this.#bytes.write(json, this.#length) - 1;
    this.#length = end + this.#bytes.write(`,"_record":${record}}\n`, end, 'latin1');
    this.rows += 1;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** What was added; a view of memory that nobody else uses. */
  text(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
