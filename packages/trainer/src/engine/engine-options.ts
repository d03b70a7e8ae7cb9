// What createEngine, loadKernels and createTfjsEngine are told, checked: a wrong word would else be another engine than the one meant.
import { z } from 'zod';
import { parseArgument } from '../arguments.js';
import { TrainerError } from '../errors.js';
import { MAX_THREADS } from './native-backend.js';

const ofAddon = {
  threads: z.int().min(1).max(MAX_THREADS).optional(),
  simd: z.string().optional(),
};
const engineOptionsSchema = z.strictObject({
  kind: z.enum(['auto', 'native', 'wasm', 'reproducible', 'tfjs']).default('auto'),
  ...ofAddon,
});
const kernelOptionsSchema = z.strictObject({
  kind: z.enum(['auto', 'native', 'wasm', 'reproducible']).default('auto'),
  simd: ofAddon.simd,
});

/** @throws TrainerError `invalid-argument` for kinds and options that there are not, and where the kind has no such option */
export function parseEngineOptions(options: unknown): z.output<typeof engineOptionsSchema> {
  return ofItsKind(parseArgument(engineOptionsSchema, options, 'There is no engine of these options'));
}

/** @throws TrainerError `invalid-argument` as parseEngineOptions */
export function parseKernelOptions(options: unknown): z.output<typeof kernelOptionsSchema> {
  return ofItsKind(parseArgument(kernelOptionsSchema, options, 'There are no image kernels of these options'));
}

function ofItsKind<T extends { kind: string; simd?: string | undefined; threads?: number | undefined }>(options: T): T {
  const { kind, simd, threads } = options;
  if (kind !== 'wasm' && kind !== 'tfjs') return options;
  for (const [name, value] of Object.entries({ threads, simd })) {
    if (value === undefined) continue;
    throw new TrainerError(
      'invalid-argument',
      `${name}: ${value} found for the engine '${kind}', which has no such option: it is the addon's. Leave it out, or take the kind 'native' or 'auto'.`,
    );
  }
  return options;
}
