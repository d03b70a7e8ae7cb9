import { describe, expect, it } from 'vitest';
import { proveAccumulatorBounds } from '../accumulator-bounds.js';
import { conformanceModel } from '../conformance/random-model.js';
import { ModelError } from '../errors.js';
import type { QuantizedModel } from '../quantized-model.js';
import { SeededRandom } from '../random/seeded-random.js';
import { validateQuantizedModel } from '../resolve-model.js';
import { handWorkedLinear, modelOf, weightsOf } from '../testing/small-models.js';
import { BNM_FORMAT, decodeBnm, encodeBnm } from './bnm.js';
import { decodeContainer, encodeContainer } from './container.js';
import { crc32 } from './crc32.js';

/** What a decoder did with hostile bytes: the error's code, or `accepted` for a model that is valid in every respect. */
function outcome(bytes: Uint8Array): string {
  let model: QuantizedModel;
  try {
    model = decodeBnm(bytes);
  } catch (error) {
    if (ModelError.isInstance(error)) return error.code;
    throw error;
  }
  validateQuantizedModel(model);
  try {
    proveAccumulatorBounds(model);
  } catch (error) {
    if (!(ModelError.isInstance(error) && error.code === 'accumulator-overflow')) throw error;
  }
  return 'accepted';
}

const smallModels = [
  handWorkedLinear(),
  ...Array.from({ length: 40 }, (_, index) => conformanceModel(5, index, { maxElements: 48 }))
    .filter(({ nodes }) => nodes.length <= 8)
    .slice(0, 6),
];

function flipBits(random: SeededRandom, bytes: Uint8Array, first: number, end: number): void {
  for (let flips = random.integer(1, 4); flips > 0; flips--) {
    const offset = random.integer(first, end - 1);
    bytes[offset] = bytes[offset]! ^ (1 << random.integer(0, 7));
  }
}

describe('.bnm', () => {
  it('returns every model as it was', () => {
    for (let index = 0; index < 100; index++) {
      const model = conformanceModel(31, index, { maxElements: 100 });
      expect(decodeBnm(encodeBnm(model))).toEqual(model);
    }
  });

  it('reads files of version 1, which had one number for both directions', () => {
    const weights = weightsOf('8bit', [1, 2, 3, 4]);
    const conv = {
      name: 'c',
      op: 'conv2d',
      inputs: ['input'],
      inChannels: 1,
      outChannels: 1,
      groups: 1,
      weights,
    } as const;
    const window = { size: [2, 2], stride: [1, 1], padding: [0, 0] } as const;
    const model = modelOf(
      [1, 5, 6],
      [
        { ...conv, kernel: [2, 2], stride: [1, 2], padding: [1, 1] },
        { name: 'm', op: 'maxPool2d', inputs: ['c'], ...window },
        { name: 'a', op: 'avgPool2d', inputs: ['m'], ...window, countIncludePad: true },
      ],
    );
    const { header, sections } = decodeContainer(BNM_FORMAT, encodeBnm(model));
    const { nodes, ...rest } = header as { nodes: Record<string, unknown>[] };
    const [first, second, third] = nodes;
    const old = [
      { ...first, padding: 1 },
      { name: 'm', op: 'maxPool2d', inputs: second!.inputs, size: 2, stride: 1 },
      { name: 'a', op: 'avgPool2d', inputs: third!.inputs, size: 2, stride: 1 },
    ];
    const version1 = { ...BNM_FORMAT, version: 1 };
    expect(decodeBnm(encodeContainer(version1, { header: { ...rest, nodes: old }, sections }))).toEqual(model);
    // In a file of version 2 a number is damage.
    expect(() => decodeBnm(encodeContainer(BNM_FORMAT, { header: { ...rest, nodes: old }, sections }))).toThrow(
      expect.objectContaining({ code: 'invalid-file' }),
    );
  });

  it('is deterministic and keeps provenance and labels', () => {
    const provenance = {
      tool: 'test',
      seed: 3,
      metrics: { accuracy: 0.99 },
      config: { any: ['thing', 1] },
      more: true,
    };
    const model = { ...handWorkedLinear(), provenance };
    expect(encodeBnm(model)).toEqual(encodeBnm(structuredClone(model)));
    expect(decodeBnm(encodeBnm(model))).toEqual(model);
  });

  it('stores weights packed', () => {
    const { sections } = decodeContainer(BNM_FORMAT, encodeBnm(handWorkedLinear()));
    // fc1: 15, −1, 3 are codes 15, 7, 9: nibbles 0x7F 0x09; −7, 5, 1 are 4, 10, 8. fc2: 3, −1 are 3, 1 → 0b0111; −3, 1 → 0b1000.
    expect(sections.get('fc1.weights')).toEqual(Uint8Array.of(0x7f, 0x09, 0xa4, 0x08));
    expect(sections.get('fc2.weights')).toEqual(Uint8Array.of(0b0111, 0b1000));
    expect(sections.get('fc2.outputShifts')).toEqual(Uint8Array.of(0, 2));
    expect(sections.get('fc2.bias')).toEqual(Int32Array.of(5, -7));
  });

  it('refuses every truncation', () => {
    let cases = 0;
    const outcomes = new Set<string>();
    for (const model of smallModels) {
      const bytes = encodeBnm(model);
      for (let length = 0; length < bytes.length; length++, cases++) outcomes.add(outcome(bytes.subarray(0, length)));
    }
    expect([...outcomes].sort()).toEqual(['corrupt-file', 'truncated-file']);
    expect(cases).toBeGreaterThan(2_000);
  });

  it('refuses 10 000 files with flipped bits', () => {
    const random = new SeededRandom(41);
    const outcomes = new Set<string>();
    const files = smallModels.map(encodeBnm);
    for (let run = 0; run < 10_000; run++) {
      const bytes = random.pick(files).slice();
      const before = crc32(bytes);
      flipBits(random, bytes, 0, bytes.length);
      if (crc32(bytes) === before) continue;
      outcomes.add(outcome(bytes));
    }
    expect([...outcomes].sort()).toEqual(['corrupt-file', 'truncated-file', 'unsupported-version', 'wrong-magic']);
  });

  it('refuses or reads as a valid model 10 000 files with flipped bits and a right checksum', () => {
    const random = new SeededRandom(42);
    const files = smallModels.map(encodeBnm);
    const outcomes = new Map<string, number>();
    for (let run = 0; run < 10_000; run++) {
      const bytes = random.pick(files).slice();
      flipBits(random, bytes, 4, bytes.length - 4);
      new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
      const result = outcome(bytes);
      outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
    }
    // The mutations got past the checksum and reached the deeper checks.
    expect([...outcomes.keys()]).toEqual(
      expect.arrayContaining(['accepted', 'invalid-file', 'truncated-file', 'unknown-input']),
    );
  });

  it('refuses well-formed files whose parts contradict each other', () => {
    const rewritten = (change: (header: Header, sections: Map<string, Uint8Array | Int32Array>) => void): string => {
      const { header, sections } = decodeContainer(BNM_FORMAT, encodeBnm(handWorkedLinear()));
      const copy = new Map(sections) as Map<string, Uint8Array | Int32Array>;
      change(header as Header, copy);
      return outcome(encodeContainer(BNM_FORMAT, { header, sections: copy }));
    };
    expect(rewritten(() => {})).toBe('accepted');
    expect(rewritten((_, sections) => sections.delete('fc1.weights'))).toBe('invalid-file');
    expect(rewritten((_, sections) => sections.set('stray', Uint8Array.of(1)))).toBe('invalid-file');
    expect(rewritten((_, sections) => sections.set('fc2.bias', Uint8Array.of(1, 2)))).toBe('invalid-file');
    expect(rewritten((_, sections) => sections.set('fc2.outputShifts', Uint8Array.of(0, 16)))).toBe('invalid-weights');
    expect(rewritten((header) => Object.assign(header.nodes[0]!, { outFeatures: 65_535, inFeatures: 65_535 }))).toBe(
      'invalid-file',
    );
    expect(rewritten((header) => Object.assign(header.nodes[1]!, { inputs: ['fc3'] }))).toBe('unknown-input');
    expect(rewritten((header) => Object.assign(header.nodes[2]!, { name: 'fc1' }))).toBe('invalid-file');
    expect(rewritten((header) => Object.assign(header, { labels: ['one'] }))).toBe('invalid-labels');
    expect(rewritten((header) => Object.assign(header.input, { shape: [65_535, 65_535, 65_535] }))).toMatch(
      /shape-mismatch|too-large/,
    );
  });
});

interface Header {
  nodes: Record<string, unknown>[];
  input: Record<string, unknown>;
}
