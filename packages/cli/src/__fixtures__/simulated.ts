// What the tests of `sim` share: the JSON that the README promises.
import { LAYOUT_NAMES } from '@bitnetmcu/mcu-runtime';
import { SIMULATION_TARGET_NAMES } from '@bitnetmcu/mcu-runtime/targets';
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { z } from 'zod';

const size = z.number().int().nonnegative();
const memories = z.strictObject({ flash: size, ram: size });
const described = {
  target: z.enum(SIMULATION_TARGET_NAMES),
  kernels: z.string(),
  layout: z.enum(LAYOUT_NAMES),
  clockHz: z.number().positive(),
  basis: z.enum(['built', 'estimated']),
  assumedTiming: z.string().nullable(),
  flash: z.strictObject({ code: size, weights: size }),
  available: memories,
};
const layer = z.strictObject({
  name: z.string(),
  operation: z.string(),
  weightBytes: size,
  cycles: z.number().nonnegative(),
  worst: z.number().nonnegative(),
});
const bytes = z.strictObject({ flash: size, ram: size });
const plainLayer = z.strictObject({
  name: z.string(),
  operation: z.string(),
  remedies: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('kernels'), kernels: z.string(), missing: bytes.nullable() }),
      z.strictObject({ kind: z.literal('format'), formats: z.array(z.enum(FORMAT_NAMES)).min(1) }),
      z.strictObject({ kind: z.enum(['inputs', 'outputs']), found: size, most: size }),
      z.strictObject({ kind: z.enum(['int8-input', 'smaller-maps', 'ending']) }),
      z.strictObject({ kind: z.literal('parts'), parts: z.array(z.enum(SIMULATION_TARGET_NAMES)).min(1) }),
    ]),
  ),
});
/** What the README promises of one target. */
export const simSchema = z.discriminatedUnion('fits', [
  z.strictObject({
    ...described,
    fits: z.literal(true),
    images: size,
    cycles: z.strictObject({ mean: z.number(), max: size, worst: size }),
    band: z.strictObject({ least: z.number(), most: z.number(), low: size, high: size, source: z.string() }).nullable(),
    ms: z.number().positive(),
    ram: z.strictObject({ static: size, stack: size }),
    layers: z.array(layer),
    plainLayers: z.array(plainLayer),
    accuracy: z.number().min(0).max(1),
  }),
  z.strictObject({
    ...described,
    fits: z.literal(false),
    ram: z.strictObject({ static: size, stack: size.nullable() }),
    missing: memories,
  }),
]);
