import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says of a construct that a finding of cdk-nag is known there, and why it may stay. Nothing is acknowledged for a stack
 * or the app as a whole; a test counts all of them.
 * @param findings reasons by the finding's exact id, as AwsSolutions-APIG4
 */
export function acknowledge(construct: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(findings)) Validations.of(construct).acknowledge({ id, reason });
}

/**
 * What a value of a template is called in findings of cdk-nag: references in angle brackets, imports by their names.
 * @param value a string or what a token of it resolves to
 */
export function nameInFindings(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('${', '<').replaceAll('}', '>');
  const [[kind, inner] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  if (kind === 'Fn::Join') {
    const [separator, parts] = inner as [string, unknown[]];
    return parts.map(nameInFindings).join(separator);
  }
  if (kind === 'Fn::GetAtt') return `<${(inner as unknown[]).map(nameInFindings).join('.')}>`;
  if (kind === 'Fn::ImportValue') return nameInFindings(inner);
  if (kind === 'Ref') return `<${nameInFindings(inner)}>`;
  return JSON.stringify(value);
}
