// Calibration samples for networks whose integers need fixed scales: samples that they were trained on, drawn from every class.
import { quantize } from '@bitnetmcu/exporter';
import { type StaticScalesReason, staticScalesReason } from '@bitnetmcu/exporter/internal';
import type { QuantizedModel, TrainedNetwork } from '@bitnetmcu/models';
import { type Dataset, type Samples, trainingConfigSchema } from '@bitnetmcu/trainer';
import { splitForValidation } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';
import { ownDataSpec } from './dataset.js';
import { drawFitted } from './drawn-samples.js';
import { type DataTrust, openModelData } from './model-data.js';

/** Enough for ranges and mean errors; more changes nothing but the time. */
const CALIBRATION_SAMPLES = 512;

export interface QuantizedNetwork {
  readonly model: QuantizedModel;
  /** Absent: the network needs no fixed scales. */
  readonly calibration?: { readonly dataset: string; readonly samples: number; readonly of: number };
}

/**
 * The integer network of a trained one, calibrated where it needs that with the data set that it says it was trained on, or with
 * `trust.dataset`, which is that one where it is open already.
 * @throws CliError `bad-file` where it does not say, `untrusted-data` where the user has not named that data set; ExporterError for networks without an integer form.
 */
export async function quantizeTrained(
  network: TrainedNetwork,
  terminal: Terminal,
  trust: DataTrust & { readonly dataset?: Dataset } = {},
): Promise<QuantizedNetwork> {
  const needed = staticScalesReason(network);
  if (needed === undefined) return { model: quantize(network).model };
  const dataset = trust.dataset ?? (await trainingData(network, needed, terminal, trust));
  const { rest: part, heldOut } = partsOf(dataset, network);
  const { samples } = drawFitted(part, dataset.shape, network.spec.input.shape, CALIBRATION_SAMPLES);
  // A threshold is set by normal samples that were not trained with, where there are any.
  const isAnomaly = network.spec.output?.task === 'anomaly' && heldOut.count > 0;
  const normal = isAnomaly && drawFitted(heldOut, dataset.shape, network.spec.input.shape, heldOut.count).samples.bytes;
  return {
    model: quantize(network, {
      calibration: { samples: samples.bytes },
      ...(normal && { normal: { samples: normal } }),
    }).model,
    calibration: { dataset: dataset.name, samples: samples.count, of: part.count },
  };
}

/** The samples that a network was trained with, and those held out, which judge it and calibrate nothing. */
function partsOf({ train }: Dataset, { provenance }: TrainedNetwork): { rest: Samples; heldOut: Samples } {
  const config = trainingConfigSchema.safeParse(provenance.config);
  const none = { count: 0, bytes: new Uint8Array(), labels: new Uint16Array() };
  return config.success ? splitForValidation(train, config.data) : { rest: train, heldOut: none };
}

function trainingData(
  { spec, provenance }: TrainedNetwork,
  { layer, reason }: StaticScalesReason,
  terminal: Terminal,
  { trustData = false }: DataTrust,
): Promise<Dataset> {
  if (ownDataSpec(provenance) !== undefined)
    return openModelData({ trustData }, { provenance, input: spec.input }, terminal);
  throw new CliError(
    'bad-file',
    `The network ${spec.name} does not say which data set it was trained on, and samples of it are wanted to find scales: layer ${layer} ${reason}. Quantize it with the API: quantize(trained, { calibration: { samples } }).`,
  );
}
