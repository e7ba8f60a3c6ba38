/** What runs the statements that the Athena endpoint takes. */
export interface SqlEngine {
  /**
   * Runs one statement as Athena writes it.
   * @param asked the database of bare names, and a literal for each question mark
   * @throws EngineError
   */
  run(sql: string, asked: { database: string | null; parameters: string[] }): Promise<EngineResult>;
  close(): Promise<void>;
}

export interface EngineResult {
  /** Names and Athena's names of types; none of what has no result. */
  columns: { name: string; type: string }[];
  /** Cells as Athena writes them; null is null. */
  rows: (string | null)[][];
  /** Bytes of the columns that were read; 0 where the engine does not know. */
  scannedBytes?: number;
}

/** What is wrong with a statement or its data, by Athena's name for it. */
export class EngineError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** A double as Athena writes it: "1.5", "1.0E20", "NaN". */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
