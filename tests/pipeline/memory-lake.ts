import type {
  DeliveryCounts,
  EventLake,
  Gathered,
  IdentityLink,
  IdentityStore,
  Rejection,
} from '../../lib/ports.ts';

/** A lake that holds what the real one holds, in memory: a row per record id and fingerprint, a rejection per id. */
export function memoryLake(): EventLake & { rows: Map<string, string>; aside: Map<string, Rejection> } {
  const rows = new Map<string, string>();
  const aside = new Map<string, Rejection>();
  return {
    rows,
    aside,
    stores: async () => new Map(),
    tombstones: async () => new Set<string>(),
    rejections: async () => [...aside.values()],
    async forget(ids) {
      for (const id of ids) aside.delete(id);
    },
    async deliver() {
      const counts: DeliveryCounts = { received: 0, stored: 0, duplicates: 0, rejected: {}, waiting: 0 };
      const repeated = new Set<number>();
      return {
        repeated,
        async take({ accepted, tables, rejections }: Gathered) {
          counts.received += accepted + rejections.length;
          for (const { table, text } of tables)
            for (const line of new TextDecoder().decode(text).trimEnd().split('\n')) {
              const { record_id, fingerprint, _record } = JSON.parse(line) as Record<string, string | number>;
              const name = `${table} ${record_id} ${fingerprint}`;
              if (Number(_record) < 0) continue;
              if (rows.has(name)) repeated.add(Number(_record));
              else counts.stored += 1;
              rows.set(name, String(record_id));
            }
          counts.duplicates = repeated.size;
          for (const rejection of rejections) {
            counts.rejected[rejection.reason] = (counts.rejected[rejection.reason] ?? 0) + 1;
            if (!aside.has(rejection.rejection_id)) aside.set(rejection.rejection_id, rejection);
          }
        },
        close: async () => counts,
        async abort() {},
      };
    },
  };
}

/** Links in memory, under the names of both ends. */
export function memoryLinks(): IdentityStore & { links: Map<string, IdentityLink> } {
  const links = new Map<string, IdentityLink>();
  const nameOf = (link: Pick<IdentityLink, 'strong_key' | 'weak_key'>) =>
    `${link.strong_key} ${link.weak_key}`;
  return {
    links,
    firstSeen: async (pairs) => pairs.map((pair) => links.get(nameOf(pair))?.first_seen ?? null),
    async put(link) {
      const known = links.get(nameOf(link));
      if (known && known.first_seen <= link.first_seen) return false;
      links.set(nameOf(link), link);
      return true;
    },
    linksOf: async () => [],
    async forget() {},
  };
}
