// The optimizer in the plan: one update operation a parameter, its moments as state.
import { unknownValue } from '../../arguments.js';
import type { OptimizerSpec } from '../compile-options.js';
import type { Parameter, PlanBuilder } from './plan-builder.js';

/** The largest float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** Weight decay is applied to weights only, not to biases, norms and clipping scalars. */
export function planUpdate(plan: PlanBuilder, optimizer: OptimizerSpec): void {
  for (const parameter of plan.parameters) {
    emitMask(plan, parameter);
    emitUpdate(plan, optimizer, parameter);
    const { minimum = -LARGEST, maximum = LARGEST, offset, length } = parameter;
    if (minimum > -LARGEST || maximum < LARGEST) {
      plan.emit('update', 'clamp', { values: offset, length, minimum, maximum });
    }
  }
}

function emitMask(plan: PlanBuilder, { mask, length, gradient, gradientStride }: Parameter): void {
  if (mask === null) return;
  const { offset, rows, columns } = mask;
  const common = { mask: offset, rows, columns, gradient };
  if (length === rows * columns) plan.emit('backward', 'maskGradient', { ...common, gradientStride });
  else plan.emit('backward', 'maskBiasGradient', common);
}

function emitUpdate(plan: PlanBuilder, optimizer: OptimizerSpec, parameter: Parameter): void {
  const { name, offset, rows, columns, gradient, gradientStride, rateFactor, gate } = parameter;
  const common = { parameter: offset, rows, columns, gradient, gradientStride, rateFactor, gate };
  const decay = parameter.decays ? optimizer.weightDecay : 0;
  switch (optimizer.kind) {
    case 'adam':
    case 'adamw': {
      const { beta1, beta2, epsilon } = optimizer;
      plan.emit('update', 'adam', {
        ...common,
        firstMoment: moment(plan, `${name}.firstMoment`, parameter),
        secondMoment: moment(plan, `${name}.secondMoment`, parameter),
        beta1,
        beta2,
        epsilon,
        decay,
        decoupled: Number(optimizer.kind === 'adamw'),
      });
      return;
    }
    case 'sgd':
      plan.emit('update', 'sgd', {
        ...common,
        velocity: moment(plan, `${name}.velocity`, parameter),
        momentum: optimizer.momentum,
        nesterov: Number(optimizer.nesterov),
        decay,
      });
      return;
    default:
      throw unknownValue('optimizer', optimizer);
  }
}

function moment(plan: PlanBuilder, name: string, { length }: Parameter): number {
  const region = { offset: plan.arena.allocate(length), length };
  plan.state.set(name, region);
  return region.offset;
}
