// Networks of bench/bars.mjs and bench/dsp-kernels.mjs with three samples each: those of the zoo, and two that no zoo has, an int8 CNN as an
// ONNX graph brings it and a network for windows of a signal.
// Weights are a formula, or those of a model of the zoo: cycles depend on how many are 0 and on what the activations are, not on accuracy.
import { quantize } from '@bitnetmcu/exporter';
import { quantizeInput } from '@bitnetmcu/models';
import { loadZooModel } from '@bitnetmcu/models/zoo';
import { getFormat } from '@bitnetmcu/quant';
import { fitInput, fitSamples } from '@bitnetmcu/trainer';

/** Test images of MNIST. */
export const IMAGES = [6048, 455, 4584];
const CALIBRATION_IMAGES = 256;

const CALIBRATION_SAMPLES = 64;

/** Uniform numbers in [-0.5, 0.5): mulberry32. */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32 - 0.5;
  };
}

function tensor(shape, values) {
  return { type: 'float32', shape, data: Float32Array.from(values) };
}

function randomTensor(shape, seed, scale) {
  const random = uniform(seed);
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(
    shape,
    Array.from({ length: count }, () => scale * random()),
  );
}

function node(operator, inputs, output, attributes = {}) {
  const all = new Map(Object.entries(attributes));
  return { name: output, operator, domain: '', inputs, outputs: [output], attributes: all, unreadAttributes: [] };
}

function graph(name, inputShape, initializers, nodes) {
  return {
    name,
    opset: 18,
    inputs: [{ name: 'x', type: 'float32', shape: inputShape }],
    outputs: [{ name: nodes.at(-1).outputs[0], type: 'float32', shape: undefined }],
    initializers: new Map(Object.entries(initializers)),
    nodes,
    producer: 'bench/bars.mjs',
  };
}

/** Weights of a layer of a model as floats of about the size that float training gives; beside its levels, which an import would find again. */
function floats(model, name, shape) {
  const random = uniform(shape[0] + name.length);
  const { weights } = model.nodes.find((one) => one.name === name);
  const { integers } = getFormat(weights.format);
  const values = Array.from(weights.codes, (code) => integers[code]);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  const fanIn = values.length / shape[0];
  return tensor(
    shape,
    values.map((value) => (value + 0.5 * random()) / deviation / Math.sqrt(fanIn)),
  );
}

const POOL = { kernel_shape: [2, 2], strides: [2, 2] };

/** The layers of cnn-16-small with biases, as float training and ONNX have them; weights of the zoo's model, calibrated on MNIST. */
async function importedCnn(calibration) {
  const zooModel = await loadZooModel('cnn-16-small');
  const { mean, deviation } = { mean: 0.1307, deviation: 0.3081 };
  const linear = zooModel.nodes.filter(({ op }) => op === 'linear');
  const initializers = {
    w1: floats(zooModel, 'conv1', [16, 1, 3, 3]),
    w2: floats(zooModel, 'conv2', [16, 1, 3, 3]),
    w3: floats(zooModel, 'conv3', [16, 1, 3, 3]),
    ...Object.fromEntries([1, 2, 3].map((k) => [`b${k}`, randomTensor([16], k, 0.1)])),
  };
  const nodes = [
    node('Conv', ['x', 'w1', 'b1'], 'conv1', { kernel_shape: [3, 3] }),
    node('Relu', ['conv1'], 'relu1'),
    node('Conv', ['relu1', 'w2', 'b2'], 'conv2', { kernel_shape: [3, 3], group: 16 }),
    node('Relu', ['conv2'], 'relu2'),
    node('MaxPool', ['relu2'], 'pool2', POOL),
    node('Conv', ['pool2', 'w3', 'b3'], 'conv3', { kernel_shape: [3, 3], group: 16 }),
    node('Relu', ['conv3'], 'relu3'),
    node('MaxPool', ['relu3'], 'pool3', POOL),
    node('Flatten', ['pool3'], 'flatten', { axis: 1 }),
  ];
  let last = 'flatten';
  linear.forEach(({ name, inFeatures, outFeatures }, k) => {
    initializers[`${name}.w`] = floats(zooModel, name, [outFeatures, inFeatures]);
    initializers[`${name}.b`] = randomTensor([outFeatures], 10 + k, 0.1);
    nodes.push(node('Gemm', [last, `${name}.w`, `${name}.b`], name, { transB: 1 }));
    last = name;
    if (k < linear.length - 1) {
      nodes.push(node('Relu', [name], `${name}.relu`));
      last = `${name}.relu`;
    }
  });
  const source = graph('imported-cnn', [1, 1, 16, 16], initializers, nodes);
  const options = { preprocessing: { divisor: 255, mean, deviation }, calibration: { samples: calibration } };
  return quantize(source, { ...options, name: 'imported-cnn', quantizer: '8bit' }).model;
}

/** 15 708 multiply-accumulates over a window of 128 values: two convolutions 1×7 with maxima of 4 and of 5 values, a linear layer. */
function signalNetwork() {
  const initializers = {
    w1: randomTensor([6, 1, 1, 7], 21, 1.2),
    b1: randomTensor([6], 22, 0.2),
    w2: randomTensor([10, 6, 1, 7], 23, 0.5),
    b2: randomTensor([10], 24, 0.2),
    w3: randomTensor([12, 40], 25, 0.5),
    b3: randomTensor([12], 26, 0.2),
  };
  const nodes = [
    node('Conv', ['x', 'w1', 'b1'], 'conv1', { kernel_shape: [1, 7] }),
    node('Relu', ['conv1'], 'relu1'),
    node('MaxPool', ['relu1'], 'pool1', { kernel_shape: [1, 4], strides: [1, 4] }),
    node('Conv', ['pool1', 'w2', 'b2'], 'conv2', { kernel_shape: [1, 7] }),
    node('Relu', ['conv2'], 'relu2'),
    node('MaxPool', ['relu2'], 'pool2', { kernel_shape: [1, 5], strides: [1, 5] }),
    node('Flatten', ['pool2'], 'flatten', { axis: 1 }),
    node('Gemm', ['flatten', 'w3', 'b3'], 'fc', { transB: 1 }),
  ];
  const source = graph('signal-16k', [1, 1, 1, 128], initializers, nodes);
  const samples = Uint8Array.from(
    signalWindows(CALIBRATION_SAMPLES).flatMap((window) => [...window].map((value) => value + 128)),
  );
  const preprocessing = { divisor: 255, mean: 128 / 255, deviation: 0.25 };
  return quantize(source, { preprocessing, calibration: { samples }, name: 'signal-16k', quantizer: '8bit' }).model;
}

/** Windows of two sines and noise, as int8. */
function signalWindows(count) {
  const random = uniform(7);
  return Array.from({ length: count }, (_, k) =>
    Int8Array.from({ length: 128 }, (__, i) =>
      Math.round(70 * Math.sin((i * (2 + k)) / 11) + 30 * Math.sin(i / 3 + k) + 20 * random()),
    ),
  );
}

/**
 * A network of the zoo, `imported-cnn` or `signal-16k`.
 * @param dataset MNIST
 * @returns the model, and int8 samples for it
 */
export async function barNetwork(name, dataset) {
  if (name === 'signal-16k') return { model: signalNetwork(), samples: signalWindows(IMAGES.length) };
  const first = Array.from({ length: CALIBRATION_IMAGES }, (_, i) => i);
  const model =
    name === 'imported-cnn'
      ? await importedCnn(fitted(dataset, dataset.train, first, [1, 16, 16]))
      : await loadZooModel(name);
  const all = quantizeInput(model, fitted(dataset, dataset.test, IMAGES, model.input.shape));
  const size = all.length / IMAGES.length;
  return { model, samples: IMAGES.map((_, i) => all.slice(i * size, (i + 1) * size)) };
}

function fitted({ shape }, { bytes: all, count, labels }, indices, input) {
  const size = all.length / count;
  const bytes = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => {
    bytes.set(all.subarray(index * size, (index + 1) * size), i * size);
  });
  const chosen = Uint16Array.from(indices, (index) => labels[index]);
  return fitSamples({ count: indices.length, bytes, labels: chosen }, fitInput(shape, input)).bytes;
}
