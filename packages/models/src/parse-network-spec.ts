// From unknown JSON to a NetworkSpec that is a network: schema, graph and shapes.
import { requireFrontEnd } from './front-end/index.js';
import { type NetworkSpec, networkSpecSchema } from './network-spec.js';
import { requireOutput } from './output/index.js';
import { requireRawInput } from './raw-input/index.js';
import { parseWithSchema } from './schema-issues.js';
import { inferShapes, outputCount } from './shapes.js';
import { elementCount } from './tensor-shape.js';

/**
 * Validates JSON as a network and fills in defaults: what it returns has consistent names and shapes.
 * @throws ModelError `invalid-spec` with one issue a wrong key (path, value found, nearest right one), or what `inferShapes` throws.
 *
 * @example
 * ```ts
 * import { parseNetworkSpec } from '@bitnetmcu/models';
 *
 * const network = parseNetworkSpec({
 *   name: 'small',
 *   input: { shape: [64] },
 *   layers: [{ type: 'linear', name: 'fc1', outputs: 10, weights: { format: '4bitsym' } }],
 * });
 * ```
 */
export function parseNetworkSpec(value: unknown): NetworkSpec {
  const spec = parseWithSchema(networkSpecSchema, value, 'network spec', 'invalid-spec');
  requireRawInput(spec.input);
  requireFrontEnd(spec.input);
  const outputs = outputCount(inferShapes(spec));
  requireOutput(spec.output, { inputs: elementCount(spec.input.shape), outputs });
  return spec;
}
