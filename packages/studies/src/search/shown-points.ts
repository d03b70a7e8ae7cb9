// What a search shows: the candidates of its front, of few samples trained once more with all of them, simulated and judged by the test part.
import { readFileSync } from 'node:fs';
import { decodeBnm } from '@bitnetmcu/models';
import type { Dataset } from '@bitnetmcu/trainer';
import { StudyError } from '../errors.js';
import type { RunRecords } from '../records/run-records.js';
import { listSampler } from '../study/list-sampler.js';
import { runStudy } from '../study/run-study.js';
import { type SearchBudget, violationOf } from './budget.js';
import type { Candidate } from './candidates.js';
import { modelCosts } from './cost-model.js';
import type { FoundBefore } from './found-before.js';
import type { SearchOptions, SearchPoint } from './search-networks.js';
import { TestScores } from './test-scores.js';

type Chosen = Pick<SearchPoint, 'record' | 'validation'>;

export function withFirst({ records, validation }: Candidate): Chosen {
  return { record: records[0]!, validation };
}

/** The recipes of the candidates once more, with the samples that were held out; one that fails keeps the network that it had. */
export async function trainedWithAll(candidates: readonly Candidate[], options: SearchOptions) {
  const { name, records, runner, signal, onProgress } = options;
  const requests = candidates.map(({ records: [first] }) => {
    const { splitSeed: _, ...config } = first!.request.config;
    return { ...first!.request, config: { ...config, validation: 0 } };
  });
  const study = { name: `${name}-all-samples`, sampler: listSampler(requests), runs: requests.length };
  const { status, runs } = await runStudy(study, { records, runner, signal, onProgress });
  const made = new Map(runs.map(({ index, record }) => [index, record]));
  const chosen = candidates.map((candidate, i): Chosen => {
    const record = made.get(i);
    return record?.status === 'finished' ? { record, validation: candidate.validation } : withFirst(candidate);
  });
  return { status, chosen };
}

interface Shown {
  readonly dataset: Dataset;
  readonly budget: SearchBudget;
  readonly records: RunRecords;
  readonly foundBefore: FoundBefore;
  readonly isTested: boolean;
}

/** The trained networks themselves, simulated and judged by the test part; what breaks the budget after all is left out. Smallest first. */
export async function shownPoints(
  chosen: readonly Chosen[],
  { dataset, budget, records, foundBefore, isTested }: Shown,
): Promise<SearchPoint[]> {
  const scores = new TestScores(dataset);
  const points: SearchPoint[] = [];
  for (const { record, validation } of chosen) {
    const { model: sha256 } = record;
    // a search asks for integers of every network
    if (sha256 === undefined) throw new StudyError('invalid-argument', `The run ${record.key} has no integer network.`);
    const model = () => decodeBnm(readFileSync(records.modelPath(sha256)));
    const costs = (await foundBefore.price({ model: sha256 }, budget, () => modelCosts(model(), budget)))!;
    if (violationOf(costs, budget) > 0) continue;
    const test = isTested && (await foundBefore.testScore(sha256, dataset.sha256, () => scores.of(model())));
    points.push({ record, validation, costs, ...(test !== false && { test }) });
  }
  return points.sort((a, b) => a.costs.flashBytes - b.costs.flashBytes || b.validation - a.validation);
}
