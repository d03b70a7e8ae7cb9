// The front end of signals in the WebAssembly build of the C runtime: many times as fast as the reference, with the same bits.
import { copyFrame, type FrontEnd, windowOf } from '@bitnetmcu/models/internal';
import { RuntimeError } from '../errors.js';
import { placeFrontEnd } from '../front-end/memory-plan.js';
import { compileRuntime, instantiateRuntime, PAGE_BYTES } from './wasm-runtime.js';

/** From int16 signals (samples one after another, channel-major) to the integers that input.raw scales, as `computeFrontEnd`. */
export type ComputeFrontEnd = (signals: Int16Array) => Int32Array;

/**
 * Loads a front end into the WebAssembly build of the C runtime.
 * @throws RuntimeError `stale-runtime`; the function that it gives `invalid-input` where the length is not a multiple of the sample's
 */
export async function loadWasmFrontEnd(frontEnd: FrontEnd): Promise<ComputeFrontEnd> {
  const exports = await instantiateRuntime(await compileRuntime());
  const functions = exports as unknown as Readonly<Record<string, (...args: readonly number[]) => void>>;
  const { memory } = exports;
  const placed = placeFrontEnd(frontEnd, exports.__heap_base.value);
  const missing = Math.ceil((placed.end - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
  for (const { address, bytes } of placed.tables) new Uint8Array(memory.buffer).set(bytes, address);
  const calls = placed.calls.map(({ name, args }) => ({ run: functions[name]!, args }));
  const size = frontEnd.channels * windowOf(frontEnd);
  const { frames } = frontEnd;
  const { valueCount } = placed;
  return (signals) => {
    if (signals.length % size !== 0) {
      throw new RuntimeError('invalid-input', `${signals.length} values found; ${size} are wanted for each sample.`);
    }
    const samples = signals.length / size;
    const result = new Int32Array(samples * valueCount * frames);
    const x = new Int16Array(memory.buffer, placed.frame);
    const values = new Int32Array(memory.buffer, placed.values, valueCount);
    for (let s = 0; s < samples; s++) {
      const signal = signals.subarray(s * size, (s + 1) * size);
      for (let f = 0; f < frames; f++) {
        copyFrame(frontEnd, signal, f, x);
        for (const { run, args } of calls) run(...args);
        values.forEach((value, row) => {
          result[(s * valueCount + row) * frames + f] = value;
        });
      }
    }
    return result;
  };
}
