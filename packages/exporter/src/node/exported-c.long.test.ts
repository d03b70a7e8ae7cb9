// The conformance suite over exported C in both fast layouts, each by a target that has it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { conformanceModel, runConformance } from '@bitnetmcu/models/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANITIZERS, STRICT } from '../../conformance/c-flags.mjs';
import { ExportedCBackend } from './exported-c-backend.js';

/** Every warning that the README promises not to have, as errors. */
const PEDANTIC = ['-Wpedantic', ...STRICT];

const present = hostCompiler().kind === 'found';
describe.skipIf(!present)(`exported C${present ? '' : ' (no C compiler here)'}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'exported-c-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([{ target: 'ch32v003' }, { target: 'ch32v002' }] as const)(
    'passes the conformance suite under the sanitizers, without a warning: %o',
    async (options) => {
      const backend = new ExportedCBackend({ cache: folder, flags: ['-O0', ...PEDANTIC, ...SANITIZERS], ...options });
      const models = Array.from({ length: 16 }, (_, index) => conformanceModel(1, index));
      await backend.compile(models);
      const report = await runConformance(backend, { models: models.length, samples: 8 });
      expect(report).toMatchObject({ models: models.length, samples: 8 * models.length, differences: [] });
      // A loaded machine compiles slowly.
    },
    120_000,
  );
});
