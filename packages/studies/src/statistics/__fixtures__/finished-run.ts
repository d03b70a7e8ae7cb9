// A finished run with the scores that a test wants.
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import type { FinishedRun } from '../../run/run-record.js';

export interface Wanted {
  readonly seed: number;
  /** On the test part. */
  readonly accuracy?: number;
  /** On the held-out samples. */
  readonly validation?: number;
  readonly right?: string;
  readonly network?: string;
  readonly splitSeed?: number;
  readonly heldOut?: string;
}

export function finishedRun(wanted: Wanted): FinishedRun {
  const { seed, accuracy, validation, right, network = 'fc-1k', splitSeed, heldOut } = wanted;
  const score = (value: number) => ({ loss: 1 - value, accuracy: value });
  return {
    status: 'finished',
    key: `${network} ${seed}`,
    request: {
      config: parseTrainingConfig({ network, seed, ...(splitSeed && { splitSeed }) }),
      targets: [],
      test: accuracy !== undefined,
    },
    dataset: { name: 'MNIST', sha256: 'aa' },
    epochs: [],
    ...(accuracy !== undefined && { test: score(accuracy) }),
    ...(validation !== undefined && { validation: { float: score(validation), integer: score(validation) } }),
    ...(heldOut && { heldOut }),
    ...(right && { right }),
    weightBytes: 1128,
    targets: [],
    model: 'bb',
    seconds: 1,
    engine: { kind: 'native', simd: 'avx2', threads: 1 },
    versions: {},
    worker: 'here',
    ended: '2026-01-01T00:00:00.000Z',
  };
}
