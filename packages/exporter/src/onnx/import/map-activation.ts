// Activation functions that integer inference looks up in a table: whatever their shape, since a table holds any.
import { ACTIVATION_NAMES, type ActivationName, activationOf } from '@bitnetmcu/models/internal';
import { Budget, UNLIMITED } from '../ir/budget.js';
import type { OnnxNode } from '../ir/graph.js';
import type { Operator } from '../ir/operator.js';
import { Gelu, HardSwish, LeakyRelu } from '../ir/ops/activation.js';
import type { Mapper, Refusal } from './mapper.js';

/** The operators, each with what it computes, and its attributes where a node has none. */
const FUNCTIONS: Readonly<
  Record<string, { readonly compute: Operator; readonly defaults: Readonly<Record<string, number | string>> }>
> = {
  Gelu: { compute: Gelu, defaults: { approximate: 'none' } },
  HardSwish: { compute: HardSwish, defaults: {} },
  LeakyRelu: { compute: LeakyRelu, defaults: { alpha: 0.01 } },
};

export function mapActivation(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const input = mapper.value(node.inputs[0]!);
  if (!input) return undefined;
  const { compute } = FUNCTIONS[node.operator]!;
  const { opset } = mapper.specialized.graph;
  const apply = (values: Float64Array): Float64Array => {
    const budget = new Budget(UNLIMITED);
    const x = { type: 'float64', shape: [values.length], data: values } as const;
    return compute({ inputs: [x], attributes: node.attributes, opset, outputs: 1, budget })[0]!.data as Float64Array;
  };
  const layer = { op: 'activation', function: registeredName(node), apply } as const;
  return mapper.appendElementwise('activation', node, input, layer);
}

/** The activation function of the registry that a node is, which the trainer then knows; undefined where it has another slope. */
function registeredName({ operator, attributes }: OnnxNode): ActivationName | undefined {
  const { defaults } = FUNCTIONS[operator]!;
  return ACTIVATION_NAMES.find((name) => {
    const { onnx } = activationOf(name);
    if (onnx?.operator !== operator) return false;
    // Numbers are float32 in ONNX.
    return Object.entries(onnx.attributes).every(
      ([key, value]) =>
        (attributes.get(key) ?? defaults[key]) === (typeof value === 'number' ? Math.fround(value) : value),
    );
  });
}
