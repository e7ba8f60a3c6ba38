const DAY_MS = 86_400_000;

/** A day such as 2025-03-31 as a number of days since 1970. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;

/** The day of a number of days since 1970, such as 2025-03-31. */
export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
