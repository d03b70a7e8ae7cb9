// A compiled runtime and the images that are written for it belong together.
import { describe, expect, it } from 'vitest';
import { linearNode, modelOf } from '../../test/networks.js';
import { layoutModel } from '../lowering/layout-model.js';
import { compileRuntime, WasmImage, type WasmModule } from './wasm-runtime.js';

const image = layoutModel(modelOf([3], [linearNode('fc', 'input', 3, 2, '8bit')]));

/** A WebAssembly module, by hand: nothing but `image_format`, where given, that returns this constant below 64. */
async function moduleOf(format: number | undefined): Promise<WasmModule> {
  const name = [...new TextEncoder().encode('image_format')];
  const returning = (value: number) => [
    ...[1, 5, 1, 0x60, 0, 1, 0x7f], // one type: () → i32
    ...[3, 2, 1, 0], // one function of it
    ...[7, name.length + 4, 1, name.length, ...name, 0, 0], // exported
    ...[10, 6, 1, 4, 0, 0x41, value, 0x0b], // i32.const value
  ];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...(format === undefined ? [] : returning(format))];
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(code: Uint8Array): Promise<WasmModule> } };
  return WebAssembly.compile(Uint8Array.from(bytes));
}

describe('the image format', () => {
  it('is that of the module as it was built', async () => {
    await expect(WasmImage.create(await compileRuntime(), image)).resolves.toBeInstanceOf(WasmImage);
  });

  it.each([
    ['an older module, which does not say it', undefined, 'format unknown'],
    ['a module of another format', 7, 'format 0x00000007'],
  ])('is compared when the runtime is loaded: %s', async (_, format, found) => {
    const loading = WasmImage.create(await moduleOf(format), image);
    await expect(loading).rejects.toMatchObject({
      code: 'stale-runtime',
      message: expect.stringMatching(new RegExp(`${found}.*npm run build`)),
    });
  });
});
