// What came of jobs, in Redis: written before a job counts as done, so that a job that is taken twice is done once.
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Redis } from 'ioredis';
import { MAX_RECORD_BYTES } from '../limits.js';
import { recordSchema } from '../records/record-schema.js';
import type { RunRecord } from '../run/run-record.js';
import type { RunOutcome } from '../runners/runner.js';
import { KEY_PREFIX } from './job.js';

/** Of a record and its `.bnm` together, compressed. */
export const MAX_OUTCOME_BYTES = 2 ** 25;
/** A study that was stopped finds here what ended without it. */
const KEPT_SECONDS = 3 * 86_400;

const compress = promisify(deflate);
const expand = promisify(inflate);

export interface EncodedOutcome {
  readonly record: Buffer;
  readonly model: Buffer;
}

export async function encodeOutcome({ record, model }: RunOutcome): Promise<EncodedOutcome> {
  return { record: await compress(Buffer.from(JSON.stringify(record))), model: Buffer.from(model ?? []) };
}

export class Outcomes {
  constructor(private readonly redis: Redis) {}

  /** Undefined where there is none, or none that can be read: the job is then done again. */
  async read(id: string): Promise<RunOutcome | undefined> {
    const { record, model } = await this.redis.hgetallBuffer(keyOf(id));
    if (record === undefined) return undefined;
    try {
      const text = (await expand(record, { maxOutputLength: MAX_RECORD_BYTES })).toString();
      const parsed = recordSchema.parse(JSON.parse(text)) as unknown as RunRecord;
      return parsed.status === 'finished' && model
        ? { record: parsed, model: new Uint8Array(model) }
        : { record: parsed };
    } catch {
      return undefined;
    }
  }

  /** @throws what Redis says where it does not keep it */
  async write(id: string, { record, model }: EncodedOutcome): Promise<void> {
    const write = this.redis.multi().hset(keyOf(id), { record, model }).expire(keyOf(id), KEPT_SECONDS);
    try {
      for (const [error] of (await write.exec()) ?? []) if (error) throw error;
    } catch (error) {
      // Of a transaction that is discarded the first command that was refused says why.
      throw (error as { previousErrors?: Error[] }).previousErrors?.[0] ?? error;
    }
  }

  async remove(id: string): Promise<void> {
    await this.redis.del(keyOf(id));
  }
}

function keyOf(id: string): string {
  return `${KEY_PREFIX}:outcome:${id}`;
}
