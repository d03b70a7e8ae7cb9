import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addSchemaFlags, applyFlags, expandShorthand, schemaFlags } from './schema-flags.js';

const schema = z.strictObject({
  epochs: z.int().min(1).default(60).describe('passes over the data'),
  batchSize: z.int().default(128),
  shuffle: z.boolean().default(true),
  widths: z.array(z.number()).optional(),
  scale: z.tuple([z.number(), z.number()]).default([0.9, 1.1]),
  terms: z.array(z.strictObject({ weight: z.number() })).optional(),
  internal: z.number().optional(),
  schedule: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('cosine'), warmupEpochs: z.number().optional() }),
      z.strictObject({ kind: z.literal('step'), every: z.int(), factor: z.number() }),
    ])
    .default({ kind: 'cosine' }),
});
const flags = schemaFlags(schema, ['internal']);

function parse(args: string[], document: Record<string, unknown> = {}): Record<string, unknown> {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addSchemaFlags(command, flags, 'Training');
  command.parse(args, { from: 'user' });
  applyFlags(document, flags, command.opts());
  return document;
}

describe('flags from a schema', () => {
  it('has one flag a leaf; the discriminator is named for its object', () => {
    expect(flags.map(({ flag }) => flag).sort()).toEqual([
      'batch-size',
      'epochs',
      'scale',
      'schedule',
      'schedule-every',
      'schedule-factor',
      'schedule-warmup-epochs',
      'shuffle',
      'terms',
      'widths',
    ]);
    const schedule = flags.find(({ flag }) => flag === 'schedule');
    expect(schedule).toMatchObject({ path: ['schedule', 'kind'], choices: ['cosine', 'step'], default: 'cosine' });
    expect(flags.find(({ flag }) => flag === 'epochs')).toMatchObject({
      default: 60,
      description: 'passes over the data',
    });
  });

  it('sets values with the types of the schema', () => {
    const args = ['--epochs', '3', '--no-shuffle', '--widths', '16,32', '--scale', '0.5,2', '--terms', '[{weight: 2}]'];
    expect(parse(args)).toEqual({
      epochs: 3,
      shuffle: false,
      widths: [16, 32],
      scale: [0.5, 2],
      terms: [{ weight: 2 }],
    });
  });

  it('discards the fields of another branch, and only then', () => {
    const file = (): Record<string, unknown> => ({ epochs: 5, schedule: { kind: 'step', every: 10, factor: 0.5 } });
    expect(parse(['--schedule-warmup-epochs', '2', '--schedule', 'cosine'], file())).toEqual({
      epochs: 5,
      schedule: { kind: 'cosine', warmupEpochs: 2 },
    });
    expect(parse(['--schedule', 'step', '--schedule-every', '20'], file())).toEqual({
      epochs: 5,
      schedule: { kind: 'step', every: 20, factor: 0.5 },
    });
  });

  it('reads the short form of an object that a discriminator selects', () => {
    const document: Record<string, unknown> = { schedule: 'cosine', epochs: 2 };
    expandShorthand(document, flags);
    expect(document).toEqual({ schedule: { kind: 'cosine' }, epochs: 2 });
  });

  it('refuses what is no number', () => {
    expect(() => parse(['--epochs', 'many'])).toThrow(/number is wanted/);
  });
});
