import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { METRIC_NAMESPACE, type MetricName } from './metric-names.ts';

/** What a line of the log may say beside its message: counts, and names that are the shop's own. */
export type LogFacts = Record<string, number | string | boolean | null | Record<string, number>>;

/**
 * The log of a function, a line of JSON each, and its metrics. Nothing of a record comes into it, not even of one that
 * fails: the messages of errors may quote records, so an error is told by its kind and its place in the code.
 */
export interface FunctionLog {
  /** Lines from here on carry the id of this invocation. */
  begin(context: Context): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  failed(message: string, error: unknown, facts?: LogFacts): void;
  /** Counts; nothing is told of zero. */
  count(counts: Partial<Record<MetricName, number>>): void;
}

/** @param service name of the function */
export function openFunctionLog(service: string): FunctionLog {
  const logger = new Logger({ serviceName: service, logLevel: 'INFO' });
  const metrics = new Metrics({
    // Deployments beside each other have namespaces of their own.
    namespace: process.env.POWERTOOLS_METRICS_NAMESPACE || METRIC_NAMESPACE,
    serviceName: service,
  });
  return {
    begin: (context) => logger.addContext(context),
    info: (message, facts = {}) => logger.info(message, { ...facts }),
    warn: (message, facts = {}) => logger.warn(message, { ...facts }),
    failed: (message, error, facts = {}) =>
      logger.error(message, { ...facts, cause: errorFacts(error) as unknown as Record<string, string> }),
    count(counts) {
      const told = Object.entries(counts).filter(([, value]) => value !== 0);
      for (const [name, value] of told) metrics.addMetric(name, MetricUnit.Count, value);
      // It warns where there is nothing to tell.
      if (told.length > 0) metrics.publishStoredMetrics();
    },
  };
}

/** What may be told of an error: what it is, and where it happened. Never its message. */
export interface ErrorFacts {
  /** Its class, as "ProvisionedThroughputExceededException". */
  name: string;
  /** Of the system or the HTTP answer, as "ECONNREFUSED" or 400. */
  code?: string | number;
  /** Places in the code, the innermost first. */
  places?: string[];
}

const NAME = /^[A-Za-z_$][\w$]{0,80}$/;
const PLACE = /^\s+at (?:[\w$.<>[\] ]{0,80} \()?[^()\n]{1,200}:\d+:\d+\)?$/;
const MOST_PLACES = 5;

/** What may be told of an error. */
export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const told = typeof code === 'string' && NAME.test(code) ? code : $metadata?.httpStatusCode;
  const places = (error.stack ?? '').split('\n').filter((line) => PLACE.test(line));
  return {
    name: NAME.test(error.name) ? error.name : 'Error',
    ...(told === undefined ? {} : { code: told }),
    places: places.slice(0, MOST_PLACES).map((line) => line.trim()),
  };
}
