// Which parameters a NetworkSpec has, and the validation of a TrainedNetwork against it.
import { nearestName } from '@bitnetmcu/quant/internal';
import { ModelError } from './errors.js';
import { definitionOf } from './layers/index.js';
import type { LayerParameter } from './layers/layer-definition.js';
import type { NetworkSpec } from './network-spec.js';
import { requireLabels } from './output/index.js';
import { parseNetworkSpec } from './parse-network-spec.js';
import { labelsSchema, provenanceSchema } from './quantized-model-schema.js';
import { parseWithSchema } from './schema-issues.js';
import { inferShapes, outputCount } from './shapes.js';
import type { TrainedNetwork } from './trained-network.js';

/** One parameter of a network. */
export interface ParameterInfo extends Omit<LayerParameter, 'name'> {
  /** `<layer>.<parameter>` as in TrainedNetwork. */
  readonly key: string;
}

/** The parameters of a network, in layer order, without those of custom layers. @throws ModelError what `inferShapes` throws. */
export function networkParameters(spec: NetworkSpec): ParameterInfo[] {
  return inferShapes(spec).flatMap(({ layer, inputShapes }) =>
    (definitionOf(layer).parameters?.(layer, inputShapes[0]!) ?? []).map(({ name, ...rest }) => ({
      key: `${layer.name}.${name}`,
      ...rest,
    })),
  );
}

/**
 * Checks a trained network: spec, parameter names, sizes and finite values, labels.
 * @throws ModelError `invalid-parameters` naming the parameter, `invalid-labels`, or what `parseNetworkSpec` throws.
 */
export function validateTrainedNetwork(network: TrainedNetwork): void {
  const spec = parseNetworkSpec(network.spec);
  parseWithSchema(labelsSchema, network.labels, 'list of labels', 'invalid-labels');
  parseWithSchema(provenanceSchema, network.provenance, 'provenance', 'invalid-parameters');
  const outputs = outputCount(inferShapes(spec));
  requireLabels('network', { labels: network.labels, output: spec.output }, outputs);
  const known = new Map(networkParameters(spec).map((parameter) => [parameter.key, parameter]));
  for (const { key, lengths, required, binary } of known.values()) {
    const values = Object.hasOwn(network.parameters, key) ? network.parameters[key] : undefined;
    if (values === undefined) {
      if (!required) continue;
      throw new ModelError(
        'invalid-parameters',
        `The parameter '${key}' is missing, ${lengths.join(' or ')} floats wanted. Write the network again with all parameters of its layers.`,
      );
    }
    if (!lengths.includes(values.length)) {
      throw new ModelError(
        'invalid-parameters',
        `The parameter '${key}' has ${values.length} values, ${lengths.join(' or ')} wanted: the layer's sizes and its parameters belong to different networks. Write both from one.`,
      );
    }
    requireFinite(key, values);
    if (binary) requireBinary(key, values);
  }
  const customPrefixes = spec.layers.filter(({ type }) => type === 'custom').map(({ name }) => `${name}.`);
  for (const [key, values] of Object.entries(network.parameters)) {
    if (known.has(key)) continue;
    // What a custom layer calls its parameters is known to the engine only.
    if (customPrefixes.some((prefix) => key.startsWith(prefix))) {
      requireFinite(key, values);
      continue;
    }
    const nearest = nearestName(key, known.keys());
    throw new ModelError(
      'invalid-parameters',
      `The network has no parameter '${key}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
    );
  }
}

function requireBinary(key: string, values: Float32Array): void {
  const bad = values.findIndex((value) => value !== 0 && value !== 1);
  if (bad === -1) return;
  throw new ModelError(
    'invalid-parameters',
    `The parameter '${key}' is ${values[bad]} at index ${bad}, 0 or 1 wanted: it says of each weight whether it takes part.`,
  );
}

function requireFinite(key: string, values: Float32Array): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return;
  throw new ModelError(
    'invalid-parameters',
    `The parameter '${key}' is ${values[bad]} at index ${bad}, finite numbers wanted: the training diverged or the file is damaged.`,
  );
}
