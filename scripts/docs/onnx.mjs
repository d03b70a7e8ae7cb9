// What ONNX import and export know and cost: the importer's registry of operators, and the benches of packages/exporter.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { builtPackage, count, measured, table } from './markdown.mjs';

const results = (name) => measured(join(root, 'packages', 'exporter', 'bench', 'results', `onnx-${name}.json`));
const notMeasured = (name) => `Not measured yet: \`node packages/exporter/bench/onnx-${name}.mjs\`.`;
const points = (value) => value.toFixed(2);

async function supported(kind) {
  const { onnxOperatorSupport } = await builtPackage('exporter');
  return onnxOperatorSupport().filter((entry) => entry.kind === kind);
}

async function imported() {
  const entries = await supported('imported');
  return table(
    ['operator', 'becomes', 'where'],
    entries.map(({ operator, becomes, where }) => [`\`${operator}\``, becomes, where ?? '']),
  );
}

async function evaluated() {
  const entries = await supported('evaluated');
  return entries.map(({ operator }) => `\`${operator}\``).join(', ');
}

/** Operators with the same remedy share a row. */
async function refused() {
  const rows = new Map();
  for (const { operator, nearest } of await supported('refused')) {
    rows.set(nearest, [...(rows.get(nearest) ?? []), `\`${operator}\``]);
  }
  return table(
    ['operator', 'nearest supported form'],
    [...rows].map(([nearest, operators]) => [operators.join(', '), nearest]),
  );
}

async function opsets() {
  const { OPSETS } = await builtPackage('exporter');
  return `Opsets ${OPSETS.first} to ${OPSETS.last}.`;
}

/** Files of two exporters are one network: one row. */
const NETWORKS = [
  ['lenet-torchscript', 'LeNet: 5×5 convolutions, batch norm, average and maximum pool'],
  ['strided-cnn-torchscript', 'strided convolutions'],
  ['depthwise-separable-torchscript', 'depthwise separable convolutions'],
  ['residual-torchscript', 'residual block'],
  ['mlp-bias-torchscript', 'MLP with biases'],
  ['mlp-batchnorm-torchscript', 'MLP with batch norm and dropout'],
  ['matmul-add-torchscript', 'MatMul + Add'],
];

const LOW_BIT = [
  ['bitlinear-torchscript', 'BitLinear'],
  ['lenet-qdq-ort', 'LeNet, onnxruntime QDQ, one scale a tensor'],
  ['lenet-qdq-ort-per-channel', 'LeNet, onnxruntime QDQ, a scale a channel'],
  ['mlp-brevitas-qcdq', 'MLP, Brevitas QCDQ'],
];

function quantization() {
  const found = results('import');
  if (found === undefined) return notMeasured('import');
  const formats = ['8bit', '4bit', '4bitsym'];
  const row = (file, format) => found.rows.find((entry) => entry.file === `${file}.onnx` && entry.weights === format);
  return [
    table(
      ['graph', 'float', ...formats.map((format) => `\`${format}\``)],
      NETWORKS.map(([file, name]) => [
        name,
        points(row(file, '8bit').float),
        ...formats.map((format) => points(row(file, format).integer)),
      ]),
    ),
    `Per cent of the ${count(found.images)} MNIST test images; float: ONNX Runtime on the graph. 512 calibration images. ${found.machine}.`,
  ].join('\n\n');
}

function lowBit() {
  const found = results('import');
  if (found === undefined) return notMeasured('import');
  return table(
    ['graph with low-bit weights', 'weights', 'float', 'integer', 'classes that differ'],
    LOW_BIT.map(([file, name]) => {
      const { weights, float, integer, differentClasses } = found.rows.find((entry) => entry.file === `${file}.onnx`);
      const codes = weights.includes('(kept)') ? 'codes kept' : 'requantized';
      return [
        name,
        `\`${weights.replace(' (kept)', '')}\`, ${codes}`,
        points(float),
        points(integer),
        `${differentClasses} of ${count(found.images)}`,
      ];
    }),
  );
}

function fineTuning() {
  const found = results('finetune');
  if (found === undefined) return notMeasured('finetune');
  const { rows, epochs, learningRate, quantizer, file, machine, images } = found;
  return [
    table(
      ['seed', 'float', 'quantized after training', 'fine-tuned'],
      rows.map(({ seed, float, quantized, fineTuned }) => [seed, points(float), points(quantized), points(fineTuned)]),
    ),
    `\`${file}.onnx\` at \`${quantizer}\`, ${epochs} epochs at a learning rate of ${learningRate}, chosen on held-out training images; per cent of the ${count(images)} MNIST test images. ${machine}.`,
  ].join('\n\n');
}

function exported() {
  const found = results('export');
  if (found === undefined) return notMeasured('export');
  const { rows, epochs, machine } = found;
  const checker = rows.find(({ onnxChecker }) => onnxChecker !== undefined)?.onnxChecker;
  return [
    table(
      ['network', 'implementation', 'images with another logit', 'accuracy'],
      rows.map(({ network, implementation, images, mismatches, accuracy }) => [
        `\`${network}\``,
        `\`${implementation}\``,
        `${mismatches} of ${count(images)}`,
        `${points(accuracy)} %`,
      ]),
    ),
    `Trained for ${epochs} epochs; \`typescript\` is the reference.${checker === undefined ? '' : ` \`onnx.checker\` ${checker} accepts the files.`} ${machine}.`,
  ].join('\n\n');
}

export const onnxTables = {
  'onnx-operators': imported,
  'onnx-evaluated': evaluated,
  'onnx-refused': refused,
  'onnx-opsets': opsets,
  'onnx-quantization': quantization,
  'onnx-low-bit': lowBit,
  'onnx-fine-tuning': fineTuning,
  'onnx-export': exported,
};
