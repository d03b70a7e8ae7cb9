// Closed switches of this package: what no case is for is refused, whatever the types say.
import type { FrontEnd } from '@bitnetmcu/models/internal';
import { expect, it } from 'vitest';
import { planFrontEnd } from './front-end/calls.js';
import { WasmOutput } from './wasm/wasm-output.js';
import { compileRuntime } from './wasm/wasm-runtime.js';

const refusal = (message: string) =>
  expect.objectContaining({ name: 'RuntimeError', code: 'invalid-input', message: expect.stringContaining(message) });

it('refuses a filter that is none', () => {
  const filters = [{ type: 'median' }] as unknown as FrontEnd['filters'];
  const frontEnd: FrontEnd = { channels: 1, frame: 8, hop: 8, frames: 1, filters, features: [{ type: 'mean' }] };
  expect(() => planFrontEnd(frontEnd)).toThrow(refusal('There is no filter {"type":"median"}.'));
});

it('refuses a task that is none, in WebAssembly', async () => {
  const output = await WasmOutput.create(await compileRuntime(), { task: 'ranking' } as never);
  expect(() => output.decide(new Int8Array(4), new Int32Array(2))).toThrow(refusal("There is no task 'ranking'."));
});
