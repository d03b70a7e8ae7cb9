// A loaded TensorFlow.js with the backend that this engine asked for.
import { TrainerError } from '../../errors.js';
import type { Tf } from './tensors.js';

export const TFJS_BACKENDS = ['node', 'wasm', 'cpu'] as const;

/** `node`: libtensorflow through @tensorflow/tfjs-node; `wasm`: @tensorflow/tfjs-backend-wasm; `cpu`: plain JavaScript. */
export type TfjsBackend = (typeof TFJS_BACKENDS)[number];

/** The names under which TensorFlow.js registers them. */
const REGISTERED_NAMES: Readonly<Record<TfjsBackend, string>> = { node: 'tensorflow', wasm: 'wasm', cpu: 'cpu' };

export class TfjsRuntime {
  /** Kernels that the backend has; a missing one must be composed of others. */
  readonly kernels: ReadonlySet<string>;

  private constructor(
    readonly tf: Tf,
    readonly backend: TfjsBackend,
  ) {
    this.kernels = new Set(tf.getKernelsForBackend(REGISTERED_NAMES[backend]).map(({ kernelName }) => kernelName));
  }

  /** @throws TrainerError `engine-unavailable` where TensorFlow.js took another backend, which it does silently. */
  static async start(tf: Tf, backend: TfjsBackend): Promise<TfjsRuntime> {
    await tf.setBackend(REGISTERED_NAMES[backend]);
    await tf.ready();
    requireBackend(tf, backend);
    return new TfjsRuntime(tf, backend);
  }

  /** The backend of TensorFlow.js is global: takes it back where something else in the process has changed it. */
  activate(): void {
    if (this.tf.getBackend() === REGISTERED_NAMES[this.backend]) return;
    // Synchronous for a backend that was initialized before.
    void this.tf.setBackend(REGISTERED_NAMES[this.backend]);
    requireBackend(this.tf, this.backend);
  }
}

function requireBackend(tf: Tf, backend: TfjsBackend): void {
  const found = tf.getBackend();
  if (found === REGISTERED_NAMES[backend]) return;
  throw new TrainerError(
    'engine-unavailable',
    `TensorFlow.js runs on its backend '${found}', '${REGISTERED_NAMES[backend]}' wanted: it did not initialize here.`,
  );
}
