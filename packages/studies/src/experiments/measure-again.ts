// Costs of runs that are there already, with the kernels of now: training is the same, what parts take changes with every kernel.
import { readFileSync } from 'node:fs';
import { decodeBnm } from '@bitnetmcu/models';
import type { RunRecords } from '../records/run-records.js';
import type { TargetFigures } from '../run/run-record.js';
import { targetFigures } from '../run/target-figures.js';
import type { EndedStudyRun } from '../study/run-study.js';

/**
 * The runs with flash, RAM and cycles of their kept models as the simulator measures them now. Records are left as they are. Runs that failed or
 * have no integer network stay as they are.
 * @throws as targetFigures; the system's error where a model is not there any more; the signal's reason
 */
export async function measureAgain(
  runs: readonly EndedStudyRun[],
  records: Pick<RunRecords, 'modelPath'>,
  signal?: AbortSignal,
): Promise<EndedStudyRun[]> {
  const measured = new Map<string, TargetFigures[]>();
  const again: EndedStudyRun[] = [];
  for (const run of runs) {
    const { record } = run;
    if (record.status !== 'finished' || record.model === undefined) {
      again.push(run);
      continue;
    }
    const { model, request } = record;
    const id = [model, ...request.targets].join(' ');
    const targets =
      measured.get(id) ??
      (await targetFigures(decodeBnm(readFileSync(records.modelPath(model))), request.targets, signal));
    measured.set(id, targets);
    again.push({ ...run, record: { ...record, targets } });
  }
  return again;
}
