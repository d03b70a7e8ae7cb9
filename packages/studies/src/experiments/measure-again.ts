// What is measured of a run's model, of runs that are there already: training is the same, what parts take changes with every kernel.
import { readFileSync } from 'node:fs';
import { decodeBnm } from '@bitnetmcu/models';
import type { RunRecords } from '../records/run-records.js';
import { hiddenCodes } from '../run/hidden-codes.js';
import type { FinishedRun } from '../run/run-record.js';
import { targetFigures } from '../run/target-figures.js';
import type { EndedStudyRun } from '../study/run-study.js';

export interface MeasureOptions {
  readonly signal?: AbortSignal | undefined;
  onMeasured?: ((done: number, all: number) => void) | undefined;
}

/**
 * The runs with flash, RAM and cycles of their kept models as the simulator measures them now, and with the bits of their codes. Records are left as they are. Runs that failed or
 * have no integer network stay as they are.
 * @throws as targetFigures; the system's error where a model is not there any more; the signal's reason
 */
export async function measureAgain(
  runs: readonly EndedStudyRun[],
  records: Pick<RunRecords, 'modelPath'>,
  { signal, onMeasured }: MeasureOptions = {},
): Promise<EndedStudyRun[]> {
  type Measured = Pick<FinishedRun, 'targets' | 'hiddenCodes'>;
  const measured = new Map<string, Measured>();
  const measure = async (path: string, targets: readonly string[]): Promise<Measured> => {
    const model = decodeBnm(readFileSync(path));
    const codes = hiddenCodes(model);
    return { targets: await targetFigures(model, targets, signal), ...(codes && { hiddenCodes: codes }) };
  };
  const again: EndedStudyRun[] = [];
  for (const run of runs) {
    signal?.throwIfAborted();
    onMeasured?.(again.length, runs.length);
    const { record } = run;
    if (record.status !== 'finished' || record.model === undefined) {
      again.push(run);
      continue;
    }
    const { model, request } = record;
    const id = [model, ...request.targets].join(' ');
    const found = measured.get(id) ?? (await measure(records.modelPath(model), request.targets));
    measured.set(id, found);
    again.push({ ...run, record: { ...record, ...found } });
  }
  return again;
}
