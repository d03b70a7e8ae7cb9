// A model without its words: what verification compiles, so that no text of a model file ever reaches a compiler whose program runs here.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { ModelOutput } from '@bitnetmcu/models/internal';

/** The same network under neutral names: `model`, its nodes `n1`, `n2`, …, raw features `f1`, …; no labels, units, provenance. All integers are the same. */
export function withoutText(model: QuantizedModel): QuantizedModel {
  const names = new Map(model.nodes.map(({ name }, index) => [name, `n${index + 1}`]));
  const nodes = model.nodes.map((node) => ({
    ...node,
    name: names.get(node.name)!,
    // The reserved name of the input has none in the map.
    inputs: node.inputs.map((input) => names.get(input) ?? input),
  }));
  const { raw } = model.input;
  const features = raw?.features.map(({ unit: _, ...rest }, index) => ({ ...rest, name: `f${index + 1}` }));
  const input = raw && features ? { ...model.input, raw: { ...raw, features } } : model.input;
  return {
    name: 'model',
    input,
    nodes,
    ...(model.output && { output: withoutNames(model.output) }),
    labels: [],
    provenance: {},
  };
}

function withoutNames(output: ModelOutput): ModelOutput {
  if (output.task !== 'regression') return output;
  return {
    ...output,
    values: output.values.map(({ unit: _, ...rest }, index) => ({ ...rest, name: `v${index + 1}` })),
  };
}
