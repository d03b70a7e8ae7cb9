// Network specs as JSON files: read, summarized, compiled for both engines, three steps trained.
import { formatSummary, inferShapes, summarizeSpec } from '@bitnetmcu/models';
import { elementCount, outputCount } from '@bitnetmcu/models/internal';
import { readNetworkSpecFile } from '@bitnetmcu/models/node';
import { engine, macsOf, trainSteps } from '../further.mjs';
import { chance, mutateBytes, pick } from '../mutators/bytes.mjs';
import { mutateJson } from '../mutators/json.mjs';
import { SPEC_VOCABULARY, SPECS } from '../seeds.mjs';

export const onDisk = true;

const PIECES = [
  '[',
  '{',
  '"',
  '1e999',
  'null',
  ',,',
  '\\u0000',
  '"__proto__":',
  '['.repeat(5000),
  '{"a":'.repeat(5000),
  '\ufeff',
  'NaN',
];
const OPTIMIZER = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const LOSS = [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }];

export async function prepare() {
  return SPECS;
}

export function make(random, specs) {
  const spec = pick(random, specs);
  const json = Buffer.from(
    JSON.stringify(chance(random, 0.85) ? mutateJson(spec, random, SPEC_VOCABULARY) : spec, null, pick(random, [0, 1])),
  );
  return { 'net.json': chance(random, 0.15) ? mutateBytes(json, random, 4, PIECES) : json };
}

export async function run() {
  const spec = readNetworkSpecFile('net.json');
  const summary = summarizeSpec(spec);
  formatSummary(summary);
  const features = elementCount(spec.input.shape);
  const outputs = outputCount(inferShapes(spec));
  // What is larger is valid, and only slow.
  if (
    macsOf(summary) > 2e6 ||
    summary.total.parameters > 2e6 ||
    summary.layers.reduce((sum, { outputShape }) => sum + elementCount(outputShape), features) > 1e6
  )
    return;
  for (const kind of ['auto', 'wasm']) {
    const network = (await engine(kind)).compile(spec, { batchSize: 4, optimizer: OPTIMIZER, loss: LOSS, seed: 1 });
    try {
      trainSteps(network, {
        count: 4,
        bytes: new Uint8Array(4 * features).fill(99),
        labels: Uint16Array.from([0, 1, 2, 0], (label) => Math.min(label, outputs - 1)),
      });
    } finally {
      network.dispose();
    }
  }
}
