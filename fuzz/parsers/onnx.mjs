// ONNX files with and without external data: read, quantized, run in TypeScript and WebAssembly.
import { readdirSync, readFileSync } from 'node:fs';
import { quantize } from '@bitnetmcu/exporter';
import { readOnnxFile } from '@bitnetmcu/exporter/node';
import { summarizeModel } from '@bitnetmcu/models';
import { macsOf, runModel } from '../further.mjs';
import { chance, mutateBytes, pick } from '../mutators/bytes.mjs';
import { mutateMessage, parseMessage, writeMessage } from '../mutators/protobuf.mjs';

export const onDisk = true;

const FIXTURES = new URL('../../packages/exporter/src/onnx/__fixtures__/', import.meta.url);
const TEXTS =
  'Conv MatMul Gemm Add Mul Relu MaxPool AveragePool Reshape Flatten Pad Concat Gather Slice Transpose Where Expand ConstantOfShape ReduceMax Loop If LSTM Softmax Sigmoid Clip QuantizeLinear DequantizeLinear ai.onnx kernel_shape pads strides group axis ../x weights.bin /etc/passwd x'.split(
    ' ',
  );
/** Fields of TensorProto, AttributeProto's and GraphProto's tensors: onnx.proto. */
const TENSOR = { rawData: 9, externalData: 13, dataLocation: 14 };
const GRAPH = 7;
const INITIALIZER = 5;
const LOCATIONS = [
  'weights.bin',
  'weights.bin',
  'weights.bin',
  '../weights.bin',
  '/etc/passwd',
  'link.bin',
  'missing',
  '.',
  '',
  'w\0',
  'C:\\x',
  './weights.bin',
  'fifo',
];
const NUMBERS = ['0', '1', '-1', '4', '1000', '99999999999', '18446744073709551616', 'x', '', '1e3', '0x10'];

export async function prepare() {
  const files = readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => readFileSync(new URL(name, FIXTURES)))
    .sort((a, b) => a.length - b.length);
  return files.map((file) => ({ file, message: parseMessage(file) }));
}

const entry = (key, value) => {
  const text = (number, content) => ({ number, type: 2, bytes: Buffer.from(content) });
  return { number: TENSOR.externalData, type: 2, fields: [text(1, key), text(2, value)] };
};

/** Moves the tensors' raw bytes into a file beside the model, some of them with a place that lies. */
function externalize(message, random) {
  const data = [];
  let at = 0;
  const graph = message.find(({ number }) => number === GRAPH);
  const changed = graph.fields.map((field) => {
    const raw = field.number === INITIALIZER && field.fields?.find(({ number }) => number === TENSOR.rawData);
    if (!raw) return field;
    const content = raw.fields ? writeMessage(raw.fields) : raw.bytes;
    const truth = { location: 'weights.bin', offset: String(at), length: String(content.length) };
    data.push(content);
    at += content.length;
    if (chance(random, 0.3)) {
      const key = pick(random, Object.keys(truth));
      if (chance(random, 0.2)) delete truth[key];
      else truth[key] = pick(random, key === 'location' ? LOCATIONS : NUMBERS);
    }
    const fields = field.fields.filter((inner) => inner !== raw);
    fields.push(...Object.entries(truth).map(([key, value]) => entry(key, value)), {
      number: TENSOR.dataLocation,
      type: 0,
      value: 1n,
    });
    return { ...field, fields };
  });
  const bytes = Buffer.concat(data);
  return {
    message: message.map((field) => (field === graph ? { ...graph, fields: changed } : field)),
    data: chance(random, 0.1) ? bytes.subarray(0, random.nextBelow(bytes.length + 1)) : bytes,
  };
}

export function make(random, seeds) {
  // Small files more often: they are quick, and most of their bytes mean something.
  const seed = seeds[Math.floor(random.nextFloat() ** 2 * seeds.length)];
  if (chance(random, 0.15)) return { 'model.onnx': mutateBytes(seed.file, random, 8) };
  if (chance(random, 0.2)) {
    const { message, data } = externalize(seed.message, random);
    return {
      'model.onnx': writeMessage(chance(random, 0.3) ? mutateMessage(message, random, TEXTS) : message),
      'weights.bin': data,
      'link.bin': '/etc/passwd',
    };
  }
  return { 'model.onnx': writeMessage(mutateMessage(seed.message, random, TEXTS)) };
}

export async function run() {
  const graph = await readOnnxFile('model.onnx');
  const shape = graph.inputs?.[0]?.shape?.slice(1) ?? [];
  const features = shape.reduce((product, size) => product * (typeof size === 'number' ? size : 1), 1);
  const samples = Float32Array.from(
    { length: 2 * Math.min(Math.max(1, features), 1e6) || 2 },
    (_, i) => ((i * 37) % 101) / 50 - 1,
  );
  const { model } = quantize(graph, { calibration: { samples }, equalization: 'off', rounding: 'nearest' });
  await runModel(model, macsOf(summarizeModel(model)));
}
