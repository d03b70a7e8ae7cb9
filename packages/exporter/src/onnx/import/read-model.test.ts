// Reading files: versions, damaged structure, data types, and external data that must not leave its folder.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, StringStringEntryProtoSchema, type TensorProto, TensorProtoSchema } from 'onnx-buf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOnnxFile } from '../../node/read-onnx-file.js';
import { quantize } from '../../quantize.js';
import { fixtureBytes } from '../__fixtures__/fixtures.js';
import { importFloatNetwork } from './import-graph.js';
import { readOnnx } from './read-model.js';
import { readTensor } from './read-tensor.js';
import { requireModestStructure } from './wire-limits.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

function tensor(fields: Partial<TensorProto>): TensorProto {
  return create(TensorProtoSchema, { name: 't', ...fields } as never);
}

describe('readOnnx', () => {
  it.each([10n, 29n, 0n])('refuses opset %s', async (version) => {
    const model = fromBinary(ModelProtoSchema, fixtureBytes('mlp-bias-dynamo.onnx'));
    model.opsetImport[0]!.version = version;
    await expect(readOnnx(toBinary(ModelProtoSchema, model))).rejects.toThrow(/opsets 11 to 28/);
  });

  it('takes newer opsets, whose operators here only got new types', async () => {
    const model = fromBinary(ModelProtoSchema, fixtureBytes('mlp-bias-dynamo.onnx'));
    model.opsetImport[0]!.version = 25n;
    expect((await readOnnx(toBinary(ModelProtoSchema, model))).opset).toBe(25);
  });

  it('takes 4-bit weights that ONNX Runtime quantized with the operators of its own domain', async () => {
    const scalar = (name: string, data: Partial<TensorProto>) => tensor({ name, dims: [], ...data });
    const [float, int4] = [1, 22];
    // int4: the lower half of a byte first; 0x2f is −1, 2 and 0x87 is 7, −8.
    const model = create(ModelProtoSchema, {
      irVersion: 10n,
      opsetImport: [
        { domain: '', version: 17n },
        { domain: 'com.microsoft', version: 1n },
      ],
      graph: {
        name: 'g',
        input: [
          {
            name: 'x',
            type: {
              value: {
                case: 'tensorType',
                value: {
                  elemType: float,
                  shape: {
                    dim: [{ value: { case: 'dimParam', value: 'n' } }, { value: { case: 'dimValue', value: 2n } }],
                  },
                },
              },
            },
          },
        ],
        output: [{ name: 'y', type: { value: { case: 'tensorType', value: { elemType: float } } } }],
        initializer: [
          tensor({ name: 'w', dims: [2n, 2n], dataType: int4, rawData: Uint8Array.of(0x2f, 0x87) }),
          scalar('s', { dataType: float, floatData: [0.5] }),
          scalar('z', { dataType: int4, rawData: Uint8Array.of(0) }),
        ],
        node: [
          { opType: 'DequantizeLinear', domain: 'com.microsoft', input: ['w', 's', 'z'], output: ['d'], name: 'd' },
          { opType: 'MatMul', input: ['x', 'd'], output: ['y'], name: 'm' },
        ],
      },
    } as never);
    const graph = await readOnnx(toBinary(ModelProtoSchema, model));
    const [layer] = importFloatNetwork(graph).layers;
    // Output-major: the columns of [[−1, 2], [7, −8]]·0.5.
    expect([...(layer as { weight: Float32Array }).weight]).toEqual([-0.5, 3.5, 1, -4]);
    const { report } = quantize(graph, { inputScale: 1 });
    expect(report.layers[0]).toMatchObject({ format: '4bit', gridDetected: true });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('this is no model')],
    ['half a file', fixtureBytes('mlp-bias-dynamo.onnx').slice(0, 30_000)],
    ['zeros', new Uint8Array(1000)],
  ])('refuses %s', async (_, bytes) => {
    await expect(readOnnx(bytes)).rejects.toThrow(expect.objectContaining({ name: 'ExporterError' }));
  });

  it('refuses values assigned twice', async () => {
    const model = fromBinary(ModelProtoSchema, fixtureBytes('mlp-bias-dynamo.onnx'));
    model.graph!.node[1]!.output[0] = model.graph!.node[0]!.output[0]!;
    await expect(readOnnx(toBinary(ModelProtoSchema, model))).rejects.toThrow(/assigned twice/);
  });
});

describe('requireModestStructure', () => {
  it('refuses a small file that unfolds into millions of objects', () => {
    // Field 7 (graph), inside it two bytes a node: 0a 00 is an empty NodeProto.
    const nodes = new Uint8Array(2_400_000).map((_, i) => (i % 2 === 0 ? 0x0a : 0x00));
    const length = [
      (nodes.length & 127) | 128,
      ((nodes.length >> 7) & 127) | 128,
      ((nodes.length >> 14) & 127) | 128,
      nodes.length >> 21,
    ];
    const bytes = Uint8Array.from([0x3a, ...length, ...nodes]);
    expect(() => requireModestStructure(bytes, ModelProtoSchema)).toThrow(code('onnx-limit'));
  });

  it('refuses endless nesting', () => {
    // A graph attribute (field 6) of an attribute (field 5 of a node, field 1 of a graph) and so on.
    let inner = new Uint8Array(0);
    const wrap = (tag: number, body: Uint8Array) => {
      const size = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
      return Uint8Array.from([tag, ...size, ...body]);
    };
    for (let depth = 0; depth < 40; depth++) inner = wrap(0x0a, wrap(0x2a, wrap(0x32, inner)));
    expect(() => requireModestStructure(wrap(0x3a, inner), ModelProtoSchema)).toThrow(code('onnx-limit'));
  });
});

describe('readTensor', () => {
  it('reads every data type', async () => {
    const raw = (dataType: number, dims: bigint[], bytes: number[]) =>
      readTensor(tensor({ dataType, dims, rawData: Uint8Array.from(bytes) as Uint8Array<ArrayBuffer> }), undefined);
    expect((await raw(1, [1n], [0, 0, 0x80, 0x3f])).data).toEqual(Float32Array.of(1));
    expect((await raw(3, [2n], [255, 127])).data).toEqual(Int8Array.of(-1, 127));
    expect((await raw(7, [1n], [254, 255, 255, 255, 255, 255, 255, 255])).data).toEqual(Float64Array.of(-2));
    // Half precision: 0x3c00 = 1, 0xc000 = −2, 0x0001 = 2^−24, 0x7c00 = ∞.
    expect([...(await raw(10, [4n], [0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c])).data]).toEqual([1, -2, 2 ** -24, Infinity]);
    // bfloat16 is the upper half of a float32.
    expect([...(await raw(16, [2n], [0x80, 0x3f, 0x20, 0xc0])).data]).toEqual([1, -2.5]);
    expect([...(await raw(22, [3n], [0x7f, 0x08])).data]).toEqual([-1, 7, -8]);
    expect([...(await raw(21, [2n], [0x9f])).data]).toEqual([15, 9]);
    const listed = await readTensor(tensor({ dataType: 7, dims: [2n], int64Data: [3n, -4n] }), undefined);
    expect([...listed.data]).toEqual([3, -4]);
  });

  it('checks sizes before it allocates', async () => {
    const huge = tensor({ dataType: 1, dims: [2n ** 40n] });
    await expect(readTensor(huge, undefined)).rejects.toThrow(code('onnx-limit'));
    const short = tensor({ dataType: 1, dims: [1000n], rawData: new Uint8Array(12) });
    await expect(readTensor(short, undefined)).rejects.toThrow(/12 bytes, 4000 wanted/);
    await expect(readTensor(tensor({ dataType: 1, dims: [-3n] }), undefined)).rejects.toThrow(code('onnx'));
    await expect(readTensor(tensor({ dataType: 8, dims: [1n] }), undefined)).rejects.toThrow(code('onnx-unsupported'));
  });
});

describe('external data', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onnx-external-'));
    await mkdir(join(folder, 'model'));
    await writeFile(join(folder, 'secret.bin'), new Uint8Array(1_000_000));
    await symlink(join(folder, 'secret.bin'), join(folder, 'model', 'link.bin'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The MLP with all its weights in another file. */
  async function write(location: string, change: (entries: Map<string, string>) => void = () => {}): Promise<string> {
    const model = fromBinary(ModelProtoSchema, fixtureBytes('mlp-bias-dynamo.onnx'));
    const parts: Uint8Array[] = [];
    let offset = 0;
    for (const initializer of model.graph!.initializer.filter(({ dataType }) => dataType === 1)) {
      const bytes = initializer.rawData;
      const entries = new Map([
        ['location', location],
        ['offset', String(offset)],
        ['length', String(bytes.length)],
      ]);
      change(entries);
      initializer.externalData = [...entries].map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      );
      initializer.dataLocation = 1;
      initializer.rawData = new Uint8Array(0);
      parts.push(bytes);
      offset += bytes.length;
    }
    const path = join(folder, 'model', 'model.onnx');
    await writeFile(path, toBinary(ModelProtoSchema, model));
    await writeFile(join(folder, 'model', 'weights.bin'), Buffer.concat(parts));
    return path;
  }

  it('is read from beside the model', async () => {
    const graph = await readOnnxFile(await write('weights.bin'));
    const inline = await readOnnx(fixtureBytes('mlp-bias-dynamo.onnx'));
    for (const [name, { data }] of inline.initializers) expect(graph.initializers.get(name)!.data).toEqual(data);
  });

  it.each([
    ['../secret.bin'],
    ['/etc/passwd'],
    ['link.bin'],
    ['sub/../../secret.bin'],
    ['C:\\secret.bin'],
    ['..\\secret.bin'],
    ['.'],
    [''],
    ['missing.bin'],
  ])('is refused from %s', async (location) => {
    await expect(readOnnxFile(await write(location))).rejects.toThrow(code('onnx-external-data'));
  });

  it.each([
    ['offset', '999999999999'],
    ['offset', '-4'],
    ['offset', '1e3'],
    ['length', '8'],
  ])('is refused with the %s %s', async (key, value) => {
    const path = await write('weights.bin', (entries) => entries.set(key, value));
    await expect(readOnnxFile(path)).rejects.toThrow(code('onnx-external-data'));
  });

  it('is refused for models without a folder', async () => {
    const model = fromBinary(ModelProtoSchema, fixtureBytes('mlp-bias-dynamo.onnx'));
    model.graph!.initializer[0]!.dataLocation = 1;
    await expect(readOnnx(toBinary(ModelProtoSchema, model))).rejects.toThrow(code('onnx-external-data'));
  });

  it('names the file that is missing', async () => {
    await expect(readOnnxFile(join(folder, 'none.onnx'))).rejects.toThrow(
      /none\.onnx: there is no such file.*\(ENOENT\)/,
    );
  });
});
