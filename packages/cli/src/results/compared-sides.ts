// What `compare` is given, as sides: networks judged on test samples, grouped by recipe; of records the configurations of their studies.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { type QuantizedModel, summarizeModel } from '@bitnetmcu/models';
import { taskOf, visibleText } from '@bitnetmcu/models/internal';
import { readRecords } from '@bitnetmcu/studies';
import {
  type ComparedSide,
  canonicalJson,
  type JudgedRun,
  judgedRun,
  judgeIntegers,
  mainScore,
  packRight,
  readStudyLogs,
  recipeOf,
} from '@bitnetmcu/studies/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';
import { testSamples } from '../inputs/dataset.js';
import { readQuantizedModel } from '../inputs/model.js';
import { type DataTrust, openModelData } from '../inputs/model-data.js';
import type { Terminal } from '../terminal.js';
import { MODEL_FILE } from './run-report.js';

export interface Side extends ComparedSide {
  /** Of the largest of its networks. */
  readonly weightBytes: number;
}

/** More sides than a table is read of; the records of a search hold hundreds. */
const MOST_SIDES = 40;

/** @throws CliError `usage` for fewer than two sides; what reading models, data and records throws */
export async function sidesOf(
  paths: readonly string[],
  given: Readonly<Record<string, unknown>> & DataTrust,
  terminal: Terminal,
): Promise<[Side, ...Side[]]> {
  const judge = new ModelJudge(given, terminal);
  const networks: JudgedNetwork[] = [];
  const sides: Side[] = [];
  for (const path of paths) {
    if (isRecordsFolder(path)) sides.push(...studySides(path, terminal));
    else networks.push(await judge.judged(path));
  }
  const all = [...grouped(networks, sides.length > 0), ...sides];
  if (all.length > 1 && all.length <= MOST_SIDES) return all as [Side, ...Side[]];
  throw new CliError(
    'usage',
    `${all.length} ${all.length === 1 ? 'side was' : 'sides were'} found in ${paths.map(visibleText).join(', ')}: 2 to ${MOST_SIDES} wanted. Name models, run folders, or a folder of records whose study has several configurations.`,
  );
}

interface JudgedNetwork {
  readonly path: string;
  readonly run: JudgedRun;
  readonly weightBytes: number;
}

/** Networks of one recipe are one side, whose seeds differ; where all are of one, each is a side by itself. */
function grouped(networks: readonly JudgedNetwork[], hasOthers: boolean): Side[] {
  const groups = new Map<string, JudgedNetwork[]>();
  for (const network of networks) {
    const key = canonicalJson(network.run.recipe);
    groups.set(key, [...(groups.get(key) ?? []), network]);
  }
  const isOne = groups.size === 1 && !hasOthers;
  const sides = isOne ? networks.map((network) => [network]) : [...groups.values()];
  return sides.map((group) => ({
    name: group.length === 1 ? group[0]!.path : `${group[0]!.path} and ${group.length - 1} more`,
    runs: group.map(({ run }) => run),
    weightBytes: Math.max(...group.map(({ weightBytes }) => weightBytes)),
  }));
}

/** A folder of runs that ended, not that of one training. */
function isRecordsFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory() && !existsSync(join(path, MODEL_FILE));
}

/** The configurations of a folder's studies, by their finished runs. */
function studySides(folder: string, terminal: Terminal): Side[] {
  const records = new Map(readRecords(folder).map((record) => [record.key, record]));
  const studies = readStudyLogs(folder);
  return studies.flatMap((study) => {
    const labels = [...new Set(study.begun.map(({ label }) => label))];
    return labels.flatMap((label): Side[] => {
      const ended = study.begun.filter((run) => run.label === label).map(({ key }) => records.get(key));
      const finished = ended.flatMap((record) => (record?.status === 'finished' ? [record] : []));
      if (finished.length < ended.length) {
        terminal.note(
          `Of ${visibleText(label)}, ${ended.length - finished.length} of ${ended.length} runs have not finished; they are left out.`,
        );
      }
      if (finished.length === 0) return [];
      const name = studies.length === 1 ? label : `${study.name}/${label}`;
      const weightBytes = Math.max(...finished.map((record) => record.weightBytes));
      return [{ name, runs: finished.map(judgedRun), weightBytes }];
    });
  });
}

/** Judges integer networks on the test samples of their data sets, each of which is opened once. */
class ModelJudge {
  /** A data set as a model reads it: the columns' order, scales and labels are those of the model. */
  readonly #datasets = new Map<string, Dataset>();
  /** SHA-256 of the first data set of the same test samples. */
  readonly #samples = new Map<string, string>();

  constructor(
    private readonly given: Readonly<Record<string, unknown>> & DataTrust,
    private readonly terminal: Terminal,
  ) {}

  async judged(path: string): Promise<JudgedNetwork> {
    const isFolder = existsSync(path) && statSync(path).isDirectory();
    const model = await readQuantizedModel(isFolder ? join(path, MODEL_FILE) : path, this.terminal, this.given);
    const dataset = await this.#dataset(model);
    this.terminal.status(`judging ${visibleText(path)} on ${dataset.test.count} test samples`);
    const scored = await scoreOf(model, dataset);
    this.terminal.clearStatus();
    const config = configOf(model);
    const run: JudgedRun = {
      recipe: config ? recipeOf(config) : { model: path },
      ...(typeof config?.seed === 'number' && { seed: config.seed }),
      data: this.given.data === undefined ? dataset.sha256 : this.#samplesSha256(dataset),
      part: 'test',
      ...scored,
    };
    return { path, run, weightBytes: summarizeModel(model).total.bytes };
  }

  async #dataset(model: QuantizedModel): Promise<Dataset> {
    const { input, labels, output, provenance } = model;
    const { datasetSha256, data, means } = provenance;
    const key = canonicalJson({ input, labels, output, datasetSha256, data, means });
    const dataset = this.#datasets.get(key) ?? (await openModelData(this.given, model, this.terminal));
    this.#datasets.set(key, dataset);
    return dataset;
  }

  /** Of one `--data`, whose SHA-256 is another one for each model that scales the samples in its own way. */
  #samplesSha256({ sha256, labels, test }: Dataset): string {
    const key = canonicalJson([labels, [...test.labels], [...(test.targets ?? [])]]);
    const first = this.#samples.get(key) ?? sha256;
    this.#samples.set(key, first);
    return first;
  }
}

/** The configuration that a model of our trainer notes. */
function configOf({ provenance }: QuantizedModel): Readonly<Record<string, unknown>> | undefined {
  const { config } = provenance;
  return typeof config === 'object' && config !== null && !Array.isArray(config)
    ? (config as Record<string, unknown>)
    : undefined;
}

/** As the record of a run has it. */
async function scoreOf(
  model: QuantizedModel,
  dataset: Dataset,
): Promise<Pick<JudgedRun, 'measure' | 'value' | 'right'>> {
  const { fitted, inputs } = testSamples(dataset, model);
  const { score, right } = await judgeIntegers(model, { ...fitted, inputs }, new WasmBackend());
  return { ...mainScore(score, taskOf(model)), ...(right && { right: packRight(right) }) };
}
