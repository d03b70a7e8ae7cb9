// The conformance suite over exported C, under the sanitizers and with every warning as an error.
import { conformanceModel, runConformance } from '@bitnetmcu/models/conformance';
import { expect } from 'vitest';
import { SANITIZERS, STRICT } from '../../../conformance/c-flags.mjs';
import { ExportedCBackend } from '../exported-c-backend.js';

/** Every warning that the README promises not to have, as errors. */
export const PEDANTIC: readonly string[] = ['-Wpedantic', ...STRICT];
const MODELS = 16;
const SAMPLES = 8;

/** @param cache a folder that is there */
export async function expectConformance(
  cache: string,
  options: Omit<ConstructorParameters<typeof ExportedCBackend>[0], 'cache' | 'flags'> = {},
): Promise<void> {
  const backend = new ExportedCBackend({ ...options, cache, flags: ['-O0', ...PEDANTIC, ...SANITIZERS] });
  await backend.compile(Array.from({ length: MODELS }, (_, index) => conformanceModel(1, index)));
  const report = await runConformance(backend, { models: MODELS, samples: SAMPLES });
  expect(report).toMatchObject({ models: MODELS, samples: SAMPLES * MODELS, differences: [] });
}
