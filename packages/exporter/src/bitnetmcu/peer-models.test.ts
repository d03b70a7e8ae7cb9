// Headers as the original project publishes them. They are not part of this repository (another licence): a copy beside it is tested where there is one.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { OnnxRuntimeBackend } from '../node/onnxruntime-backend.js';
import { verify } from '../verify/verify.js';
import { parseBitnetmcuHeader } from './read-header.js';
import { writeBitnetmcuHeader } from './write-header.js';

/** What the original's own C code scores on the 10 000 test images of MNIST, in per cent. */
const PUBLISHED = [
  ['BitNetMCU_model_1k.h', 94.21],
  ['BitNetMCU_model_cnn_16small.h', 98.9],
] as const;

const folder = fileURLToPath(new URL('../../../../../shared/peer-models/', import.meta.url));
const missing = existsSync(folder) ? '' : ' (skipped: no ../shared/peer-models beside the repository)';
const runtime = await import('onnxruntime-node').catch(() => undefined);
const mnist = missing ? undefined : await loadDataset({ kind: 'mnist', offline: true }).catch(() => undefined);

describe.skipIf(missing)(`headers of the original project${missing}`, () => {
  it.each(PUBLISHED)('%s survives a round trip', (file) => {
    const model = parseBitnetmcuHeader(readFileSync(`${folder}${file}`, 'utf8'));
    expect(parseBitnetmcuHeader(writeBitnetmcuHeader(model))).toEqual(model);
  });

  describe.skipIf(!mnist)(
    `on MNIST${mnist ? '' : ' (skipped: not in the cache; bitnetmcu data mnist fetches it)'}`,
    () => {
      it.each(PUBLISHED)('%s scores exactly %d per cent', async (file, percent) => {
        const model = parseBitnetmcuHeader(readFileSync(`${folder}${file}`, 'utf8'));
        const test = fitSamples(mnist!.test, fitInput(mnist!.shape, model.input.shape));
        const { perBackend, differences } = await verify(
          model,
          [new ReferenceInference(), new WasmBackend(), ...(runtime ? [new OnnxRuntimeBackend()] : [])],
          quantizeInput(model, test.bytes),
          test.labels,
        );
        expect(differences).toEqual([]);
        for (const { accuracy } of perBackend) expect(Math.round(accuracy! * 10_000)).toBe(Math.round(percent * 100));
      });
    },
  );
});
