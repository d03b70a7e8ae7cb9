// What a line of records.jsonl must be. Keys that a later version adds are kept.
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const score = z.looseObject({ accuracy: z.number().max(1) });

const requestSchema = z.looseObject({
  config: z.looseObject({ epochs: count, seed: z.number() }),
  targets: z.array(z.string()),
  test: z.boolean(),
  float: z.boolean().optional(),
});

const finishedSchema = z.looseObject({
  status: z.literal('finished'),
  key: sha256,
  request: requestSchema,
  dataset: z.looseObject({ name: z.string(), sha256 }),
  epochs: z.array(z.looseObject({ epoch: count, train: score, validation: score.optional() })),
  validation: z.looseObject({ float: score, integer: score }).optional(),
  heldOut: sha256.optional(),
  test: score.optional(),
  floatTest: score.optional(),
  activity: z.number().min(0).max(1).optional(),
  right: z.string().optional(),
  weightBytes: count,
  hiddenCodes: z.looseObject({ own: z.number(), byNeighbour: z.number() }).optional(),
  targets: z.array(
    z.looseObject({ target: z.string(), fits: z.boolean(), flashBytes: z.number(), ramBytes: z.number() }),
  ),
  model: sha256.optional(),
  seconds: z.number(),
  engine: z.looseObject({ kind: z.string(), simd: z.string() }),
  versions: z.record(z.string(), z.string()),
  worker: z.string(),
  ended: z.string(),
});

const failedSchema = z.looseObject({
  status: z.literal('failed'),
  key: sha256,
  request: requestSchema,
  reason: z.enum(['error', 'crashed', 'out-of-memory', 'timeout']),
  message: z.string(),
  code: z.string().optional(),
  attempts: count,
  worker: z.string(),
  ended: z.string(),
});

export const recordSchema = z.discriminatedUnion('status', [finishedSchema, failedSchema]);
