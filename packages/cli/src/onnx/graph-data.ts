// The data sets of an import: which calibrates and which trains, how they are read for a graph, and what of them the model notes.
import type { QuantizedModel, Shape } from '@bitnetmcu/models';
import type { RawInput } from '@bitnetmcu/models/internal';
import { type Dataset, fitInput, fitSamples } from '@bitnetmcu/trainer';
import { type DataSpec, dataSpecSchema } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import { dataSpec } from '../inputs/dataset.js';
import { checkpointDataSpec, type DataTrust, openNamedDataset } from '../inputs/model-data.js';
import { withKeptSamples } from '../inputs/written-model.js';
import type { Terminal } from '../terminal.js';

/** The flags that name data sets. */
interface DataChoice extends Record<string, unknown>, DataTrust {
  readonly data?: string;
  readonly calibrate?: string;
  readonly finetune?: string;
  readonly resume?: string;
}

/** Kinds of data whose columns may become int8 by a logarithm, or be left out. */
const TABLES: ReadonlySet<DataSpec['kind']> = new Set(['csv', 'csv-folder', 'npz', 'npy'] as const);

export interface OpenedData {
  readonly data: DataSpec;
  readonly dataset: Dataset;
}

export interface Datasets {
  /** Absent: nothing is trained. */
  readonly training: OpenedData | undefined;
  /** Absent: none is named, and MNIST is not what the graph reads. */
  readonly calibrating: OpenedData | undefined;
}

/** Each data set is what its own flag says, else `--data`, else the other one's; else MNIST for graphs of its size. */
export async function openDatasets(
  given: DataChoice,
  input: Shape | undefined,
  classes: readonly string[] | undefined,
  terminal: Terminal,
): Promise<Datasets> {
  const calibrated = given.calibrate ?? given.data;
  const trained =
    given.resume !== undefined
      ? await checkpointDataSpec(given.resume, given, terminal)
      : given.finetune !== undefined
        ? graphData({ ...given, data: given.finetune })
        : undefined;
  if (calibrated === undefined && trained === undefined && !isMnistShape(input)) {
    return { training: undefined, calibrating: undefined };
  }
  const data = calibrated === undefined && trained ? trained : graphData({ ...given, data: calibrated });
  const calibrating = await inOrderOf(classes, { data, dataset: await openNamedDataset(data, terminal) }, terminal);
  if (trained === undefined) return { training: undefined, calibrating };
  const same = JSON.stringify(trained) === JSON.stringify(data);
  const training = same
    ? calibrating
    : await inOrderOf(classes, { data: trained, dataset: await openNamedDataset(trained, terminal) }, terminal);
  return { training, calibrating };
}

/** A data set whose classes the graph names too, in the graph's order: outputs stand in that. */
async function inOrderOf(
  classes: readonly string[] | undefined,
  opened: OpenedData,
  terminal: Terminal,
): Promise<OpenedData> {
  const { data, dataset } = opened;
  const isSame = (names: readonly string[]) => [...names].sort().join('\n') === [...dataset.labels].sort().join('\n');
  if (classes === undefined || dataset.output !== undefined || !isSame(classes)) return opened;
  if (classes.join('\n') === dataset.labels.join('\n')) return opened;
  const ordered = dataSpecSchema.safeParse({ ...data, labels: classes });
  if (!ordered.success) return opened;
  return { data: ordered.data, dataset: await openNamedDataset(ordered.data, terminal, () => false) };
}

/** The data set that the flags describe, with every column in its place and none by its logarithm: a graph reads values. */
function graphData(given: Readonly<Record<string, unknown>>): DataSpec {
  const spec = dataSpec(given);
  if (!TABLES.has(spec.kind)) return spec;
  return dataSpec({ dataCurve: 'linear', dataConstants: 'keep', ...given });
}

/** 28×28 values, as an image or in a row. */
function isMnistShape(input: Shape | undefined): boolean {
  return input !== undefined && ['1,28,28', '784'].includes(input.join());
}

export function noData(why: string): CliError {
  return new CliError(
    'usage',
    `${why}, and no data set is named. Say which with --data (or --calibrate), such as --data samples.npz, or --data table.csv --data-label-column class; MNIST's digits stand in only for graphs that read 28×28 values.`,
  );
}

/** The data set is named as training names it: other commands open it by that, and the model carries a few of its test samples. */
export function noteData(
  model: QuantizedModel,
  opened: OpenedData | undefined,
  standardizedTargets = false,
): QuantizedModel {
  if (opened === undefined) return model;
  const { data, dataset } = opened;
  const provenance = {
    ...model.provenance,
    ...(standardizedTargets && { onnx: { ...model.provenance.onnx, standardizedTargets } }),
    dataset: dataset.name,
    datasetSha256: dataset.sha256,
    data,
    ...(dataset.missing && { means: dataset.missing.means }),
    ...(dataset.tables && { tables: dataset.tables }),
  };
  const test = fitSamples(dataset.test, fitInput(dataset.shape, model.input.shape));
  return withKeptSamples({ ...model, provenance }, test);
}

/** The data set with what its raw values are, where it has them. @throws CliError `usage` for features of signals */
export function rawDataset(dataset: Dataset): (Dataset & { readonly raw: RawInput }) | undefined {
  const { raw, frontEnd } = dataset;
  if (frontEnd !== undefined) {
    throw new CliError(
      'usage',
      'A graph reads the values of its data, and features (--data-features, --data-filters) are computed for networks that `bitnetmcu train` makes; leave them out.',
    );
  }
  return raw && { ...dataset, raw };
}
