// .bnm model files: decoded, run in TypeScript and WebAssembly, encoded again.

import { decodeBnm, encodeBnm, summarizeModel } from '@bitnetmcu/models';
import { conformanceModel } from '@bitnetmcu/models/conformance';
import { macsOf, runModel } from '../further.mjs';
import { pick } from '../mutators/bytes.mjs';
import { mutateContainer } from '../mutators/container.mjs';

const VOCABULARY = [
  'linear',
  'conv2d',
  'maxPool2d',
  'avgPool2d',
  'crop',
  'flatten',
  'add',
  'shiftNorm',
  'maxAbsNorm',
  'reluShift',
  'requantize',
  'input',
  '8bit',
  'Ternary',
  'FP130',
  'static',
  'dynamic',
  [1, 1],
  [4, 4, 4],
  [2, 3],
];

export async function prepare() {
  return Array.from({ length: 60 }, (_, i) => encodeBnm(conformanceModel(11, i)));
}

export function make(random, seeds) {
  return { 'model.bnm': mutateContainer(pick(random, seeds), random, VOCABULARY) };
}

export async function run(files) {
  const model = decodeBnm(files['model.bnm']);
  await runModel(model, macsOf(summarizeModel(model)));
  decodeBnm(encodeBnm(model));
}
