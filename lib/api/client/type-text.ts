/** A JSON Schema of the API's own document. */
interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  description?: string;
}

/**
 * A schema as a type of TypeScript.
 * @example typeText({ type: ['number', 'null'] }) // 'number | null'
 */
export function typeText(schema: Schema): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1)!;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' | ');
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return types.map((type) => ofType(type, schema)).join(' | ') || 'unknown';
}

function ofType(type: string, schema: Schema): string {
  if (type === 'array') return `(${typeText(schema.items ?? {})})[]`;
  if (type === 'object') return schema.properties ? objectText(schema) : 'Record<string, unknown>';
  return type === 'integer' ? 'number' : type;
}

function objectText({ properties = {}, required = [] }: Schema): string {
  const members = Object.entries(properties).map(([name, member]) => {
    const about = member.description ? `/** ${member.description.replaceAll('*/', '* /')} */ ` : '';
    return `${about}${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeText(member)};`;
  });
  return `{ ${members.join(' ')} }`;
}
