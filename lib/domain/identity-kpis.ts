import type { Kpi, Measure } from './kpi.ts';

const count = (name: string, title: string, definition: string): Measure => ({
  name,
  title,
  unit: 'count',
  definition,
  of: name,
});

export const IDENTITY_KPIS: readonly Kpi[] = [
  {
    name: 'identity-quality',
    title: 'Identity quality',
    definition: 'How much of what came can be told to be of somebody, and how sure that is',
    groupings: [
      'source',
      'key',
      'identifiers_of_person',
      'shared_identifiers',
      'refused_links',
      'match_strength',
    ],
    hasModel: false,
    hasPeriod: false,
    privacy: {
      describes: 'records',
      why: 'It counts records, identifiers and links, and says nothing of what anybody did',
    },
    texts: [],
    measures: [
      count(
        'records',
        'Number',
        'Records of the source, identifiers of the kind, persons of the size, identifiers or links under the rule, or purchases',
      ),
      count(
        'with_person',
        'With person',
        'Those that may be linked to a person, if only to one known by nothing else',
      ),
      count(
        'linked',
        'Linked',
        'Those whose person is known by more than one identifier; of persons by size, their identifiers',
      ),
      {
        name: 'match_rate',
        title: 'Match rate',
        unit: 'share',
        definition: 'Linked / number, by source and by key; none for other groupings',
        of: { over: 'linked', under: 'matchable' },
      },
      {
        name: 'revenue',
        title: 'Revenue',
        unit: 'money',
        definition: 'Merchandise revenue of the purchases, by how surely their buyer is known',
        of: 'revenue_minor',
      },
      {
        name: 'revenue_share',
        title: 'Share',
        unit: 'share',
        definition: 'Revenue / revenue of all purchases in the currency',
        of: { over: 'revenue_minor', under: 'revenue_of_all_minor' },
      },
    ],
    caveat:
      'Linked says that identifiers were seen together, not that each link is right; docs/identity.md has precision and recall where the truth is known',
  },
];
