// Answers that are no classes by the C runtime's functions, in a WebAssembly instance of their own: the bits of `decide`.
import { classOf } from '@bitnetmcu/models';
import type { Decision, LogitScale, ModelOutput } from '@bitnetmcu/models/internal';
import { unknownValue } from '../unknown-value.js';
import { instantiateRuntime, PAGE_BYTES, type RuntimeExports, type WasmModule } from './wasm-runtime.js';

/** sizeof(bnm_logit_scale). */
const SCALE_BYTES = 20;

export class WasmOutput {
  private constructor(
    private readonly exports: RuntimeExports,
    private readonly output: ModelOutput | undefined,
  ) {}

  static async create(module: WasmModule, output: ModelOutput | undefined): Promise<WasmOutput> {
    return new WasmOutput(await instantiateRuntime(module), output);
  }

  /** The answer to one sample. */
  decide(input: Int8Array, logits: Int32Array): Decision {
    const { output } = this;
    if (output === undefined) return { task: 'classification', class: classOf(logits) };
    const { task } = output;
    const scales = task === 'regression' ? output.values : task === 'anomaly' ? [output.reconstruction] : [];
    const at = this.#place(logits, input, scales);
    const { exports } = this;
    switch (task) {
      case 'regression':
        exports.scale_logits(at.logits, 1, at.scales, scales.length, at.answers);
        return { task, values: Array.from(new Int32Array(exports.memory.buffer, at.answers, scales.length)) };
      case 'anomaly': {
        exports.anomaly_scores(at.input, at.logits, input.length, 1, at.scales, at.answers);
        const score = new Int32Array(exports.memory.buffer, at.answers, 1)[0]!;
        return { task, score, isAnomaly: score > output.threshold };
      }
      case 'multiLabel': {
        exports.label_masks(at.logits, logits.length, 1, at.answers);
        const mask = new Uint32Array(exports.memory.buffer, at.answers, 1)[0]!;
        return { task, labels: Array.from(logits, (_, i) => ((mask >>> i) & 1) === 1) };
      }
      default:
        throw unknownValue('task', task);
    }
  }

  /** Copies a sample and the scales into the instance; answers have room behind. */
  #place(logits: Int32Array, input: Int8Array, scales: readonly LogitScale[]) {
    const { memory, __heap_base } = this.exports;
    const base = Math.ceil(__heap_base.value / 16) * 16;
    const at = {
      logits: base,
      answers: base + 4 * logits.length,
      scales: base + 8 * logits.length + 16,
      input: base + 8 * logits.length + 16 + SCALE_BYTES * scales.length,
    };
    const missing = Math.ceil((at.input + input.length - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) memory.grow(missing);
    new Int32Array(memory.buffer, at.logits, logits.length).set(logits);
    new Int8Array(memory.buffer, at.input, input.length).set(input);
    const view = new DataView(memory.buffer);
    scales.forEach(({ low, high, bias, offset, multiplier, preShift, shift }, i) => {
      const record = at.scales + SCALE_BYTES * i;
      view.setInt32(record, low, true);
      view.setInt32(record + 4, high, true);
      view.setUint32(record + 8, bias, true);
      view.setInt32(record + 12, offset, true);
      view.setUint16(record + 16, multiplier, true);
      view.setUint8(record + 18, preShift);
      view.setUint8(record + 19, shift);
    });
    return at;
  }
}
