// What goes through the queue: one run as a job, and what its progress says. Versioned: a worker leaves what it does not know to others.
import { z } from 'zod';
import type { KeyedRequest } from '../runners/runner.js';

/** Of the jobs; counts changes that workers of before would take for something else. */
export const JOB_VERSION = 1;
export const QUEUE_NAME = 'runs';
/** Of all keys in Redis. */
export const KEY_PREFIX = 'bitnetmcu';
/** Of a job: a network of a thousand layers takes less. */
export const MAX_JOB_BYTES = 2 ** 20;
/** How often a job is refused, by whichever workers, before the study that waits for it is told to end. */
export const MOST_REFUSALS = 20;

const versionSchema = z.looseObject({ version: z.unknown() });

export const jobSchema = z.strictObject({
  version: z.literal(JOB_VERSION),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  request: z.looseObject({
    config: z.looseObject({ data: z.looseObject({ kind: z.string() }) }),
    targets: z.array(z.string()).max(64),
    test: z.boolean(),
    float: z.boolean().optional(),
  }),
  /** A worker that is not to do it: it is there to check what that one did. */
  notBy: z.string().optional(),
});

export interface RunJob extends KeyedRequest {
  readonly version: typeof JOB_VERSION;
  readonly notBy?: string | undefined;
}

/** The version that a job says it is of. */
export function versionOf(data: unknown): unknown {
  return versionSchema.safeParse(data).data?.version;
}

/** Two studies that ask for the same run ask for the same job. */
export function jobId(key: string): string {
  return `run-${key}`;
}

export function auditId(key: string): string {
  return `audit-${key}`;
}

export const refusalSchema = z.looseObject({
  refusals: z.int().min(1),
  worker: z.string(),
  message: z.string(),
});

/** Kept as the progress of a job that workers gave back. */
export interface Refusal {
  /** Of this job so far. */
  readonly refusals: number;
  readonly worker: string;
  readonly message: string;
}
