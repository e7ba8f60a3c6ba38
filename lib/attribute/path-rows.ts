/** Rows of a file as they are read: paths as channel numbers, and what goes with them, in arrays that grow. */
export class PathRows {
  rows = 0;
  /** Channel numbers of all paths, one behind the other; of row r from `starts[r]` on. */
  steps = new Uint16Array(1 << 16);
  length = 0;
  starts = new Int32Array(1 << 14);
  conversions = new Float64Array(1 << 14);
  nulls = new Float64Array(1 << 14);
  /** In units of 10^-decimals. */
  values = new Float64Array(1 << 14);
  /** Decimals of the values, the most that any of them has. */
  decimals = 0;
  /** Values that had more decimals than are read, and were rounded. */
  rounded = 0;
  /** A number of the person's name, where the file has persons: the same name has the same number. */
  persons: Uint32Array | null = null;

  /** Makes room for as many more rows and steps. */
  reserve(rows: number, steps: number): void {
    if (this.length + steps > this.steps.length) {
      this.steps = grown(this.steps, this.length + steps, (length) => new Uint16Array(length));
    }
    if (this.rows + rows + 1 <= this.starts.length) return;
    const needed = this.rows + rows + 1;
    this.starts = grown(this.starts, needed, (length) => new Int32Array(length));
    this.conversions = grown(this.conversions, needed, (length) => new Float64Array(length));
    this.nulls = grown(this.nulls, needed, (length) => new Float64Array(length));
    this.values = grown(this.values, needed, (length) => new Float64Array(length));
    if (this.persons) this.persons = grown(this.persons, needed, (length) => new Uint32Array(length));
  }

  /** All values in units of a finer decimal. */
  refine(decimals: number): void {
    if (decimals <= this.decimals) return;
    const factor = 10 ** (decimals - this.decimals);
    for (let row = 0; row < this.rows; row++) this.values[row]! *= factor;
    this.decimals = decimals;
  }
}

function grown<T extends Uint16Array | Uint32Array | Int32Array | Float64Array>(
  old: T,
  needed: number,
  make: (length: number) => T,
): T {
  const larger = make(Math.max(needed, Math.ceil(old.length * 1.5)));
  larger.set(old);
  return larger;
}
