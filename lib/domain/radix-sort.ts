const DIGIT = 16;
const DIGITS = 1 << DIGIT;
/** Below so many a sort by comparison is faster than counting digits. */
const FEW = 4096;

/**
 * Numbers sorted by a key of each, equal keys in the order given: radix sort, digits of 16 bits, those that no key has
 * left out. Linear; 16 bytes a number while it runs.
 * @param keyOf a whole number from 0 to 2^53; called once or twice a number
 */
export function sortedByKey(numbers: Int32Array, keyOf: (number: number) => number): Int32Array {
  if (numbers.length < FEW) return numbers.slice().sort((a, b) => keyOf(a) - keyOf(b));
  const low = sortedBy32Bits(numbers, keyOf);
  return low.hasMore
    ? sortedBy32Bits(low.sorted, (number) => Math.floor(keyOf(number) / 2 ** 32)).sorted
    : low.sorted;
}

function sortedBy32Bits(
  given: Int32Array,
  keyOf: (number: number) => number,
): { sorted: Int32Array; hasMore: boolean } {
  const count = given.length;
  let numbers: Int32Array = given;
  let keys = new Uint32Array(count);
  let most = 0;
  for (let at = 0; at < count; at++) {
    const key = keyOf(numbers[at]!);
    if (key > most) most = key;
    keys[at] = key;
  }
  const hasMore = most >= 2 ** 32;
  for (let shift = 0; shift < 32 && (hasMore || most >= 2 ** shift); shift += DIGIT) {
    const starts = new Int32Array(DIGITS + 1);
    for (let at = 0; at < count; at++) starts[((keys[at]! >>> shift) & (DIGITS - 1)) + 1]!++;
    for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
    const nextNumbers = new Int32Array(count);
    const nextKeys = new Uint32Array(count);
    for (let at = 0; at < count; at++) {
      const key = keys[at]!;
      const place = starts[(key >>> shift) & (DIGITS - 1)]!++;
      nextNumbers[place] = numbers[at]!;
      nextKeys[place] = key;
    }
    numbers = nextNumbers;
    keys = nextKeys;
  }
  return { sorted: numbers, hasMore };
}
