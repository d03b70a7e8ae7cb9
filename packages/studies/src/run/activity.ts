// How many activations of an integer network are above zero: what a layer reads that others computed.
import { type QuantizedModel, ReferenceInference } from '@bitnetmcu/models';
import { INPUT } from '@bitnetmcu/models/internal';

/** Samples that are traced; their share varies by a few tenths of a percent between such groups. */
const MOST_SAMPLES = 256;
/** Weights times samples at most: the reference infers some ten million a second. */
const MOST_PRODUCTS = 4_000_000;

/**
 * Mean share, 0 … 1, of the numbers above zero among those that layers with weights read from layers before them, over the first samples.
 * @param inputs int8 samples, one after another
 * @returns undefined where no layer reads another one
 */
export async function positiveShare(
  model: QuantizedModel,
  inputs: Int8Array,
  count: number,
): Promise<number | undefined> {
  const names = activationNames(model);
  if (names.size === 0) return undefined;
  const loaded = await new ReferenceInference().load(model);
  const products = model.nodes.reduce((sum, node) => sum + (weightsOf(node)?.codes.length ?? 0), 0);
  const samples = Math.min(count, MOST_SAMPLES, Math.max(1, Math.floor(MOST_PRODUCTS / products)));
  let [positive, total] = [0, 0];
  for (let i = 0; i < samples; i++) {
    for (const { name, values } of loaded.trace(inputs.subarray(i * loaded.inputs, (i + 1) * loaded.inputs))) {
      if (!names.has(name)) continue;
      for (const value of values) positive += Number(value > 0);
      total += values.length;
    }
  }
  loaded.close();
  return positive / total;
}

/** Tensors that a node with weights reads, and that depend on weights themselves. */
function activationNames({ nodes }: QuantizedModel): Set<string> {
  const computed = new Set<string>();
  const read = new Set<string>();
  for (const node of nodes) {
    const weighted = weightsOf(node) !== undefined;
    const inputs = node.inputs.filter((name) => name !== INPUT && computed.has(name));
    if (weighted) for (const name of inputs) read.add(name);
    if (weighted || inputs.length > 0) computed.add(node.name);
  }
  return read;
}

function weightsOf(node: QuantizedModel['nodes'][number]) {
  return 'weights' in node ? node.weights : undefined;
}
