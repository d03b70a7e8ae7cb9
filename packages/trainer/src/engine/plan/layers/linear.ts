// Linear layer as in BitLinear: norm and fake quantization of its input, then a product with fake-quantized weights.
import type { LayerOf, Shape } from '@bitnetmcu/models';
import { padded } from '../arena.js';
import { uniformWeights } from '../initial-weights.js';
import { planLinearInput } from '../linear-input.js';
import type { PlanBuilder } from '../plan-builder.js';
import { BATCH } from '../program.js';
import type { Tensor } from '../tensor.js';
import { emitScaleGradients, planWeights } from '../weight-quantization.js';
import type { LayerContext } from './layer-plan.js';

export function planLinear(
  plan: PlanBuilder,
  layer: LayerOf<'linear'>,
  [input]: readonly [Tensor, ...Tensor[]],
  { outputShape, readers, random }: LayerContext,
): Tensor {
  const { outputs } = layer;
  const inputs = input.features;
  const x = planLinearInput(plan, layer, input);
  const positives = plan.arena.allocate(2);
  const initial = uniformWeights(random, outputs, inputs);
  const weights = planWeights(plan, layer.name, [outputs, inputs], layer.weights, initial, positives);
  const unit = accumulatorUnit(plan, weights, x.unit);
  const output = plan.tensor(outputShape as Shape, { needsGradient: true, readers, unit });
  plan.emit('forward', 'matrixMultiply', {
    a: x.offset,
    rowStrideA: x.stride,
    columnStrideA: 1,
    b: weights.transposed,
    strideB: weights.transposedStride,
    c: output.offset,
    strideC: output.stride,
    m: BATCH,
    n: padded(outputs),
    k: inputs,
    accumulate: 0,
  });
  const bias = layer.bias
    ? plan.parameter(`${layer.name}.bias`, [1, outputs], new Float32Array(outputs), { mask: weights.parameter.mask })
    : null;
  if (bias)
    plan.emit('forward', 'addBias', {
      values: output.offset,
      stride: output.stride,
      features: outputs,
      bias: bias.offset,
    });

  const { offset, stride } = output;
  plan.emit(
    'forward',
    'countPositive',
    { values: offset, stride, features: outputs, count: positives },
    { phase: 'evaluate' },
  );

  plan.onBackward(() => {
    const dy = plan.gradientOf(output);
    plan.emit('backward', 'matrixMultiply', {
      a: dy,
      rowStrideA: 1,
      columnStrideA: output.stride,
      b: x.offset,
      strideB: x.stride,
      c: weights.parameter.gradient,
      strideC: weights.parameter.gradientStride,
      m: outputs,
      n: padded(inputs),
      k: BATCH,
      accumulate: 0,
    });
    emitScaleGradients(plan, weights);
    if (bias)
      plan.emit('backward', 'columnSums', {
        values: dy,
        stride: output.stride,
        features: outputs,
        output: bias.gradient,
      });
    if (!x.needsGradient) return;
    x.backward((dx) =>
      plan.emit('backward', 'matrixMultiply', {
        a: dy,
        rowStrideA: output.stride,
        columnStrideA: 1,
        b: weights.quantized,
        strideB: weights.stride,
        c: dx,
        strideC: x.stride,
        m: BATCH,
        n: padded(inputs),
        k: outputs,
        accumulate: 0,
      }),
    );
  });
  return output;
}

/** Per sample the value of integer accumulator 1: code unit of the input · integer unit of the weights. */
function accumulatorUnit(
  plan: PlanBuilder,
  { format, clip, clips, learnedBits }: ReturnType<typeof planWeights>,
  inputUnit: number | undefined,
): number | undefined {
  // Learned steps move from output to output: the quantizer `shift` behind them takes a power of two of the sample instead.
  if (format === null || inputUnit === undefined || learnedBits !== null) return undefined;
  const unit = plan.allocateRows(1);
  const divisor = format.scaleNumerator * format.integerScale;
  plan.emit('forward', 'accumulatorUnit', { inputUnit, clip, clips, divisor, output: unit }, { float: null });
  return unit;
}
