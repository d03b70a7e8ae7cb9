import { layoutModel } from '@bitnetmcu/mcu-runtime';
import { type QuantizedModel, quantizeInput, type Shape, summarizeModel } from '@bitnetmcu/models';
import { presets } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { randomNetwork } from '../__fixtures__/random-network.js';
import { ExporterError } from '../errors.js';
import { quantize } from '../quantize.js';
import { CNames } from './c-names.js';
import { exportC } from './export-c.js';
import { integerPreparation } from './input-preparation.js';

const preset = (name: keyof typeof presets) => quantize(randomNetwork(presets[name].build(10), 1)).model;
const withPreprocessing = (
  model: QuantizedModel,
  divisor: number,
  mean: number,
  deviation: number,
): QuantizedModel => ({
  ...model,
  input: { ...model.input, preprocessing: { divisor, mean, deviation } },
});

describe('exportC', () => {
  it.each([
    // Bytes and multiplications worked out by hand: 256·64 + 64·64 + 64·64 + 64·10 weights of half a byte.
    ['fc-12k', 12_608, 25_216],
    // 144 + 144 + 144 bytes of convolutions, 64·64/4 + 64·48/2 + 48·10/2; 16·9·(14² + 12² + 4²) + 64·64 + 64·48 + 48·10.
    ['cnn-16-small', 3_232, 58_912],
  ] as const)('%s: sizes', (name, weightBytes, macs) => {
    const model = preset(name);
    const { sizes, files } = exportC(model);
    expect(sizes).toMatchObject({ weightBytes, macs, inputs: 256, outputs: 10, ramBytes: layoutModel(model).ramBytes });
    expect(sizes.macs).toBe(summarizeModel(model).total.macs);
    expect(files[0]!.content).toContain(`Weights  ${weightBytes} bytes`);
  });

  it('says how the values of pictures follow each other, and of nothing else', () => {
    const headerOf = (name: keyof typeof presets, shape?: Shape, provenance: QuantizedModel['provenance'] = {}) => {
      const model = quantize(randomNetwork(presets[name].build(10, shape), 1)).model;
      return exportC({ ...model, name: 'net', provenance }).files.find(({ path }) => path.endsWith('net.h'))!.content;
    };
    const colour = headerOf('image-s', [3, 48, 64]);
    expect(colour).toMatch(/#define NET_CHANNELS 3\n#define NET_HEIGHT 9\n#define NET_WIDTH 12\n/);
    expect(colour).toContain('channel after channel (red, green, blue), each row after row from the top');
    expect(colour).toContain('pictures of other sizes to these\n');
    expect(headerOf('cnn-16-small')).toMatch(/#define NET_CHANNELS 1\n#define NET_HEIGHT 16\n#define NET_WIDTH 16\n/);
    expect(headerOf('fc-1k')).not.toMatch(/NET_(CHANNELS|HEIGHT|WIDTH)/);
    // Pictures of a folder are brought to one size when they are read.
    const read = (size: unknown) => headerOf('image-s', [3, 48, 64], { data: { kind: 'folder', size } });
    expect(read([48, 64])).toContain('first to a height of 48 and a width of 64, then to these, each time\n');
    for (const size of [[9, 12], ['*/ evil', 3], [48.5, 64], [-1, 2], 7, null]) {
      expect(read(size), JSON.stringify(size)).toContain('pictures of other sizes to these\n');
    }
  });

  it('tells accuracy and origin at the top', () => {
    const model: QuantizedModel = {
      ...preset('fc-1k'),
      provenance: {
        tool: 'bitnetmcu 1.2.3',
        seed: 42,
        dataset: 'MNIST',
        datasetSha256: 'abc',
        metrics: { testAccuracy: 0.9523 },
        config: { epochs: 60 },
      },
    };
    const [source] = exportC(model).files;
    const head = source!.content.slice(0, source!.content.indexOf('*/'));
    for (const text of ['testAccuracy', '0.9523', 'bitnetmcu 1.2.3', '42', 'MNIST', 'abc', '{"epochs":60}'])
      expect(head).toContain(text);
  });

  it('names files and functions after the model, or as asked', () => {
    expect(exportC(preset('fc-1k')).files.map(({ path }) => path)).toEqual(['fc_1k.c', 'fc_1k.h']);
    expect(exportC(preset('fc-1k'), { name: 'Digits2' }).files[1]!.content).toContain(
      'int Digits2_infer(const int8_t *input, int32_t *logits);',
    );
    for (const name of ['', '2a', 'a-b', 'a b', 'ä', 'a'.repeat(64), 'a\n'])
      expect(() => exportC(preset('fc-1k'), { name })).toThrow(ExporterError);
  });

  it('says so where there is no exact integer preparation', () => {
    const { prepares, files } = exportC(withPreprocessing(preset('fc-1k'), 1, 0, 1));
    expect(prepares).toBe(false);
    expect(files[1]!.content).toContain('There is no fc_1k_prepare()');
    expect(files[0]!.content).not.toContain('fc_1k_prepare');
    // With a fixed scale a value's int8 depends on no other value.
    const plain = preset('fc-1k');
    const fixed = { ...plain, input: { ...plain.input, quantization: { kind: 'static', scale: 127 } as const } };
    expect(exportC(fixed).files[1]!.content).toContain('Of bytes make a table of 256 int8 once');
  });
});

describe('integerPreparation', () => {
  const { input } = preset('fc-1k');

  it.each([
    [255, 0.1307, 0.3081],
    [255, 0.286, 0.353],
    [255, 0.1736, 0.3317],
    [255, 0.5, 0.5],
  ])('divisor %d, mean %d: gives the bits of quantizeInput on every pair of extremes', (divisor, mean, deviation) => {
    const described = { ...input, shape: [3] as const, preprocessing: { divisor, mean, deviation } };
    const { factor, offset } = integerPreparation(described)!;
    for (let low = 0; low < 256; low += 3) {
      for (let high = low; high < 256; high += 5) {
        const pixels = [low, high, (low + high) >> 1];
        const values = pixels.map((pixel) => factor * pixel - offset);
        const largest = Math.max(...values.map(Math.abs));
        const rounded = values.map((value) => {
          const exact = (127 * value) / largest;
          const floor = Math.floor(exact);
          const half = exact - floor === 0.5;
          return half ? floor + (Math.abs(floor) % 2) : Math.round(exact);
        });
        expect([...quantizeInput({ input: described }, pixels)]).toEqual(rounded.map((value) => value + 0));
      }
    }
  });

  it('there is none for static inputs', () => {
    expect(integerPreparation({ ...input, quantization: { kind: 'static', scale: 50 } })).toBeUndefined();
  });
});

describe('C names', () => {
  it('are distinct', () => {
    const names = new CNames();
    expect(['a-b', 'a.b', 'a-b', 'a_b_2'].map((name) => names.of(name))).toEqual(['a_b', 'a_b_2', 'a_b', 'a_b_2_2']);
  });
});
