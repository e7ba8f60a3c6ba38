import { resolvePersons } from '../domain/identity.ts';
import type { Warehouse } from '../ports.ts';
import { type BuildStep, buildStep } from './build-step.ts';

/** Who is who: the links between identifiers as a partition into persons, and what became of each link. */
export const resolveIdentity: BuildStep = buildStep(
  'resolve_identity',
  ['identity_nodes', 'identity_links'],
  [
    {
      name: 'identity_partition',
      folder: 'staging',
      grain: 'One row per linked identifier: the identifier that stands for its person.',
      key: ['node'],
    },
    {
      name: 'identity_refusals',
      folder: 'staging',
      grain: 'One row per link between identifiers: whether it was followed, and if not, why.',
      key: ['link'],
    },
  ],
  async (warehouse: Warehouse, make) => {
    const { kind } = await warehouse.columns('SELECT kind FROM identity_nodes ORDER BY node');
    const links = await warehouse.columns('SELECT from_node, to_node FROM identity_links ORDER BY link');
    const { person, refused } = resolvePersons({
      kinds: kind as Int32Array,
      from: links.from_node as Int32Array,
      to: links.to_node as Int32Array,
    });
    const numbers = (length: number) => Int32Array.from({ length }, (_, index) => index);
    await make('identity_partition', { node: numbers(person.length), person_node: person });
    await make('identity_refusals', { link: numbers(refused.length), reason_code: refused });
  },
);
