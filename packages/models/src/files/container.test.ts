import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../errors.js';
import { type ContainerFormat, decodeContainer, encodeContainer, type SectionArray } from './container.js';
import { crc32 } from './crc32.js';

const format: ContainerFormat = { magic: 'TEST', version: 3, what: 'test file' };

const section = fc.oneof(
  fc.uint8Array(),
  fc.int8Array(),
  fc.uint16Array(),
  fc.int16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
) as fc.Arbitrary<SectionArray>;
const content = fc.record({
  header: fc.jsonValue(),
  sections: fc
    .dictionary(fc.string({ minLength: 1, maxLength: 20 }), section, { maxKeys: 6 })
    .map((d) => new Map(Object.entries(d))),
});

function withCrc(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
  return bytes;
}

/** A file with this directory and this many bytes after it, checksum right. */
function fileWith(directory: unknown, body = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof directory === 'string' ? directory : JSON.stringify(directory));
  const bytes = new Uint8Array(12 + json.length + body + 4);
  bytes.set(new TextEncoder().encode('TEST'));
  const view = new DataView(bytes.buffer);
  view.setUint16(4, 3, true);
  view.setUint32(8, json.length, true);
  bytes.set(json, 12);
  return withCrc(bytes);
}

describe('crc32', () => {
  it('has the check value of the standard', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});

describe('container', () => {
  it('returns what it was given', () => {
    fc.assert(
      fc.property(content, fc.nat(7), (given, offset) => {
        const bytes = encodeContainer(format, given);
        // The reader may get a view at any offset of a larger buffer.
        const shifted = new Uint8Array(bytes.length + offset).subarray(offset);
        shifted.set(bytes);
        const decoded = decodeContainer(format, shifted);
        expect(decoded.version).toBe(3);
        expect(decoded.header).toEqual(JSON.parse(JSON.stringify(given.header)));
        expect(decoded.sections).toEqual(given.sections);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('has the documented layout', () => {
    const sections = new Map<string, SectionArray>([
      ['a', Uint8Array.of(1, 2, 3)],
      ['b', Int16Array.of(-2, 258)],
    ]);
    const bytes = encodeContainer(format, { header: { x: 1 }, sections });
    const json =
      '{"header":{"x":1},"sections":[{"name":"a","dtype":"u8","length":3},{"name":"b","dtype":"i16","length":2}]}';
    const first = Math.ceil((12 + json.length) / 8) * 8;
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('TEST');
    expect([...bytes.subarray(4, 12)]).toEqual([3, 0, 0, 0, json.length, 0, 0, 0]);
    expect(new TextDecoder().decode(bytes.subarray(12, 12 + json.length))).toBe(json);
    expect([...bytes.subarray(first, first + 12)]).toEqual([1, 2, 3, 0, 0, 0, 0, 0, 0xfe, 0xff, 2, 1]);
    expect(bytes.length).toBe(first + 12 + 4);
  });

  it('names what is wrong with a file', () => {
    const good = encodeContainer(format, { header: null, sections: new Map() });
    const code = (bytes: Uint8Array): string => {
      try {
        decodeContainer(format, bytes);
        return 'accepted';
      } catch (error) {
        if (ModelError.isInstance(error)) return error.code;
        throw error;
      }
    };
    expect(code(good)).toBe('accepted');
    expect(code(new Uint8Array(0))).toBe('truncated-file');
    expect(code(good.subarray(0, 15))).toBe('truncated-file');
    expect(code(good.subarray(0, good.length - 1))).toMatch(/truncated-file|corrupt-file/);
    const changed = (offset: number, value: number) => {
      const bytes = good.slice();
      bytes[offset] = value;
      return bytes;
    };
    expect(code(changed(0, 65))).toBe('wrong-magic');
    expect(code(changed(4, 4))).toBe('unsupported-version');
    expect(code(changed(4, 0))).toBe('unsupported-version');
    expect(code(changed(11, 255))).toBe('truncated-file');
    expect(code(changed(15, 64))).toBe('corrupt-file');
    expect(code(withCrc(changed(6, 1)))).toBe('invalid-file');
    expect(code(fileWith('{'))).toBe('invalid-file');
    expect(code(fileWith({ header: 1 }))).toBe('invalid-file');
    expect(code(fileWith({ header: 1, sections: [] }, 8))).toBe('invalid-file');
    const sections = [{ name: 'a', dtype: 'u8', length: 1 }];
    const length = JSON.stringify({ header: 1, sections }).length;
    const padding = (8 - ((12 + length) % 8)) % 8;
    expect(code(fileWith({ header: 1, sections }, padding + 1))).toBe('accepted');
    expect(code(fileWith({ header: 1, sections: [...sections, { ...sections[0], length: 0 }] }, 99))).toBe(
      'invalid-file',
    );
  });

  it('refuses lengths beyond the file before it allocates them', () => {
    for (const length of [2 ** 20, 2 ** 31, 2 ** 32, 2 ** 33, 2 ** 53, -1, 1.5]) {
      const before = process.memoryUsage().arrayBuffers;
      const bytes = fileWith({ header: {}, sections: [{ name: 'a', dtype: 'f64', length }] }, 64);
      expect(() => decodeContainer(format, bytes)).toThrow(expect.objectContaining({ code: 'invalid-file' }));
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
    }
  });

  it('refuses two sections of one name and content between sections', () => {
    const directory = {
      header: 1,
      sections: [
        { name: 'a', dtype: 'u8', length: 0 },
        { name: 'a', dtype: 'u8', length: 0 },
      ],
    };
    const start = 12 + JSON.stringify(directory).length;
    expect(() => decodeContainer(format, fileWith(directory, Math.ceil(start / 8) * 8 - start))).toThrow(
      /two sections 'a'/,
    );
    const sections = new Map<string, SectionArray>([
      ['a', Uint8Array.of(1)],
      ['b', Uint8Array.of(2)],
    ]);
    const bytes = encodeContainer(format, { header: 1, sections });
    bytes[bytes.length - 8] = 9;
    expect(() => decodeContainer(format, withCrc(bytes))).toThrow(/bytes before section 'b'/);
  });

  it('hands out sections of the right type and length only', () => {
    const file = decodeContainer(
      format,
      encodeContainer(format, { header: 1, sections: new Map([['a', Int16Array.of(5, 6)]]) }),
    );
    expect(file.section('a', 'i16', 2)).toEqual(Int16Array.of(5, 6));
    expect(() => file.section('a', 'u16')).toThrow(/'a'.* is i16 × 2, u16 wanted/);
    expect(() => file.section('a', 'i16', 3)).toThrow(/is i16 × 2, i16 × 3 wanted/);
    expect(() => file.section('b', 'i16')).toThrow(/'b'.* is missing/);
  });

  it('writes only what it reads: headers within the limits of documents', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    const write = (header: unknown) => encodeContainer(format, { header, sections: new Map() });
    // The directory itself is the first level.
    expect(decodeContainer(format, write(deep(31))).header).toEqual(deep(31));
    expect(() => write(deep(32))).toThrow(/cannot be written: its objects and lists nest deeper than 32/);
    const directory = { header: deep(32), sections: [] };
    expect(() => decodeContainer(format, fileWith(directory))).toThrow(
      /cannot be read: its objects and lists nest deeper/,
    );
  });

  it('writes only what it reads: names of sections', () => {
    const write = (name: string) =>
      encodeContainer(format, { header: {}, sections: new Map([[name, Float32Array.of(1)]]) });
    const longest = 'a'.repeat(200);
    expect([...decodeContainer(format, write(longest)).sections.keys()]).toEqual([longest]);
    for (const name of ['', `${longest}a`]) {
      expect(() => write(name)).toThrow(
        expect.objectContaining({
          code: 'invalid-file',
          message: expect.stringContaining(`its name has ${name.length} characters, 1 to 200 wanted`),
        }),
      );
    }
  });
});
