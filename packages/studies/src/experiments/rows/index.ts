// All experiments of the research plan, a line each.
import { unknownName } from '@bitnetmcu/quant/internal';
import { StudyError } from '../../errors.js';
import type { Experiment } from '../experiment.js';
import { activations } from './activations.js';
import { bits46 } from './bits-4.6.js';
import { capacity } from './capacity.js';
import { clipping } from './clipping.js';
import { distillation } from './distillation.js';
import { entropy } from './entropy.js';
import { experts } from './experts.js';
import { lottery } from './lottery.js';
import { mixed } from './mixed.js';
import { norms } from './norms.js';
import { pruning } from './pruning.js';
import { reordering } from './reorder.js';
import { residual } from './residual.js';
import { schedule } from './schedule.js';
import { selfCompress } from './self-compress.js';
import { swa } from './swa.js';
import { switching } from './switching.js';
import { ternary } from './ternary.js';
import { topq } from './topq.js';

/** In the order of the research plan. */
export const EXPERIMENTS: readonly Experiment[] = [
  activations,
  residual,
  clipping,
  capacity,
  pruning,
  lottery,
  ternary,
  entropy,
  bits46,
  topq,
  mixed,
  swa,
  switching,
  selfCompress,
  distillation,
  schedule,
  norms,
  experts,
  reordering,
];

/** @throws StudyError `invalid-argument` naming the nearest one */
export function findExperiment(name: string): Experiment {
  const found = EXPERIMENTS.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  const known = EXPERIMENTS.map((experiment) => experiment.name);
  throw new StudyError('invalid-argument', unknownName('experiment', name, known));
}
