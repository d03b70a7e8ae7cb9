// All experiments of the research plan, a line each.
import { unknownName } from '@bitnetmcu/quant/internal';
import { StudyError } from '../../errors.js';
import type { Experiment } from '../experiment.js';
import { activations } from './activations.js';
import { lottery } from './lottery.js';
import { pruning } from './pruning.js';
import { residual } from './residual.js';
import { schedule } from './schedule.js';
import { swa } from './swa.js';
import { switching } from './switching.js';

export const EXPERIMENTS: readonly Experiment[] = [activations, lottery, pruning, residual, schedule, swa, switching];

/** @throws StudyError `invalid-argument` naming the nearest one */
export function findExperiment(name: string): Experiment {
  const found = EXPERIMENTS.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  const known = EXPERIMENTS.map((experiment) => experiment.name);
  throw new StudyError('invalid-argument', unknownName('experiment', name, known));
}
