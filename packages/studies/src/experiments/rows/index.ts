// All experiments of the research plan, a line each.
import { unknownName } from '@bitnetmcu/quant/internal';
import { StudyError } from '../../errors.js';
import type { Experiment } from '../experiment.js';
import { activations } from './activations.js';
import { residual } from './residual.js';
import { schedule } from './schedule.js';

export const EXPERIMENTS: readonly Experiment[] = [activations, residual, schedule];

/** @throws StudyError `invalid-argument` naming the nearest one */
export function findExperiment(name: string): Experiment {
  const found = EXPERIMENTS.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  const known = EXPERIMENTS.map((experiment) => experiment.name);
  throw new StudyError('invalid-argument', unknownName('experiment', name, known));
}
