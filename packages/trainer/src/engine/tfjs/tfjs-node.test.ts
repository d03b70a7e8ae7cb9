// The real @tensorflow/tfjs-node, where `npm run test:tfjs-node` gives it: it takes 700 MB, so that it is no dependency of the workspace.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { buildPreset } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../data/data-spec.js';
import { createTrainingRun } from '../../training/create-run.js';
import { createTfjsEngine } from './create-tfjs-engine.js';
import { nodeRemedy } from './load-tfjs.js';

const folder = process.env.BITNETMCU_TFJS_NODE;
const without = folder ? '' : ' (skipped: npm run test:tfjs-node installs it)';

describe.skipIf(without)(`tfjs-node${without}`, () => {
  it('runs on libtensorflow with all cores', async () => {
    const { info, absent } = await createTfjsEngine({ backend: 'node' });
    expect(info).toEqual({ kind: 'tfjs', simd: 'node', threads: availableParallelism() });
    expect(absent).toEqual({});
  });

  it.each([
    // The native engine reaches 91 % and 96 % (seed 1): what does not train stays at 10 %.
    ['fc-1k', 0.86],
    ['cnn-16', 0.94],
  ] as const)('trains %s for two epochs on MNIST', { timeout: 600_000 }, async (preset, least) => {
    const engine = await createTfjsEngine({ backend: 'node' });
    const dataset = await loadDataset({ kind: 'mnist' });
    const run = await createTrainingRun(
      { network: buildPreset(preset), data: { kind: 'mnist' }, epochs: 2, seed: 1, augmentation: 'none' },
      { engine, dataset },
    );
    const result = await run.run();
    if (result.status !== 'finished') throw new Error(result.status);
    expect(result.test.accuracy).toBeGreaterThan(least);
  });

  it('prints nothing of its own', () => {
    const script = `
      import { createTfjsEngine } from ${JSON.stringify(fileURLToPath(new URL('../../../dist/tfjs.js', import.meta.url)))};
      const { info } = await createTfjsEngine({ backend: 'node' });
      console.log(info.simd);
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(stdout).toBe('node\n');
    expect(stderr).not.toMatch(/tensorflow|oneDNN|cpu_feature_guard/i);
  });
});

describe('what to do where it does not load', () => {
  it('tells a missing package from a missing native part', () => {
    expect(nodeRemedy("Cannot find package '@tensorflow/tfjs-node' imported from …")).toMatch(
      /^npm install @tensorflow/,
    );
    const missing = 'The Node.js native addon module (tfjs_binding.node) can not be found at path: …';
    expect(nodeRemedy(missing)).toMatch(/npm rebuild @tensorflow\/tfjs-node/);
    expect(nodeRemedy('libtensorflow.so.2: cannot open shared object file')).toMatch(/PyPI/);
  });
});
