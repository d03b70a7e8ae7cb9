// Exported ONNX graphs run by onnxruntime-node, as one more implementation of integer inference. The package is an optional peer.
import type { InferenceBackend, LoadedModel, QuantizedModel } from '@bitnetmcu/models';
import { ExporterError } from '../errors.js';
import { type ExportOnnxOptions, exportOnnx } from '../onnx/export/export-onnx.js';

/** What is used of onnxruntime-node. */
interface OnnxRuntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: { graphOptimizationLevel: 'basic'; logSeverityLevel: 3 }): Promise<Session>;
  };
  readonly Tensor: new (type: 'int8', data: Int8Array, dims: readonly number[]) => unknown;
}

interface Session {
  run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: ArrayLike<number | bigint> }>>;
  release(): Promise<void>;
}

/** @throws ExporterError `onnx` where onnxruntime-node is not installed or cannot start, with its reason. */
async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  try {
    const loaded = (await import('onnxruntime-node')) as unknown as OnnxRuntime & { default?: OnnxRuntime };
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new ExporterError(
      'onnx',
      `onnxruntime-node cannot be loaded (${(cause as Error).message}); npm install onnxruntime-node to run ONNX graphs`,
      { cause },
    );
  }
}

/**
 * Exports each model as ONNX and runs it in ONNX Runtime with basic graph optimizations: higher ones fuse inexactly.
 *
 * @example
 * ```ts
 * import { OnnxRuntimeBackend } from '@bitnetmcu/exporter/node';
 *
 * const loaded = await new OnnxRuntimeBackend().load(model); // exports to ONNX, runs it with onnxruntime-node
 * const logits = await loaded.infer(inputs, 1);
 * ```
 */
export class OnnxRuntimeBackend implements InferenceBackend {
  readonly name: string;
  readonly #form: NonNullable<ExportOnnxOptions['form']>;

  constructor({ form = 'integer' }: Pick<ExportOnnxOptions, 'form'> = {}) {
    this.#form = form;
    this.name = form === 'integer' ? 'onnx' : 'onnx-qdq';
  }

  /** @throws ExporterError `onnx`; ModelError where the model is wrong. */
  async load(model: QuantizedModel): Promise<LoadedModel> {
    const { InferenceSession, Tensor } = await loadOnnxRuntime();
    const { bytes } = exportOnnx(model, { form: this.#form });
    const session = await InferenceSession.create(bytes, { graphOptimizationLevel: 'basic', logSeverityLevel: 3 });
    const empty = (
      await session.run({
        input: new Tensor('int8', new Int8Array(product(model.input.shape)), [1, ...model.input.shape]),
      })
    ).logits!;
    return {
      outputs: empty.data.length,
      async infer(inputs, count) {
        const { logits } = await session.run({
          input: new Tensor('int8', inputs.slice(), [count, ...model.input.shape]),
        });
        return Int32Array.from(logits!.data as ArrayLike<number>);
      },
      close: () => void session.release(),
    };
  }
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
