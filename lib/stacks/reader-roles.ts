/** Who reads, the most able first: names of groups of people and of scopes of programs. A test holds them to the API's roles. */
export const READER_ROLES = ['manager', 'marketer', 'partner'] as const;
export type ReaderRole = (typeof READER_ROLES)[number];
