// Calibration samples for networks whose integers need fixed scales: samples that they were trained on.
import { quantizeNetwork, type StaticScalesReason, staticScalesReason } from '@bitnetmcu/exporter';
import type { QuantizedModel, Shape, TrainedNetwork } from '@bitnetmcu/models';
import { type Dataset, fitInput, fitSamples, selectSamples } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';
import { ownDataSpec } from './dataset.js';
import { type DataTrust, openModelData } from './model-data.js';

/** Enough for ranges and mean errors; more changes nothing but the time. */
const CALIBRATION_SAMPLES = 512;

/** Training samples, spread evenly over the data set, in a network's input shape. */
function calibrationOf({ train, shape }: Dataset, input: Shape): { readonly samples: Uint8Array } {
  const count = Math.min(CALIBRATION_SAMPLES, train.count);
  const numbers = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * train.count) / count));
  return { samples: fitSamples(selectSamples(train, numbers), fitInput(shape, input)).bytes };
}

/**
 * The integer network of a trained one, calibrated where it needs that with the data set that it says it was trained on.
 * @throws CliError `bad-file` where it does not say, `untrusted-data` where the user has not named that data set; ExporterError for networks without an integer form.
 */
export async function quantizeTrained(
  network: TrainedNetwork,
  terminal: Terminal,
  trust: DataTrust = {},
): Promise<QuantizedModel> {
  const needed = staticScalesReason(network);
  if (needed === undefined) return quantizeNetwork(network);
  const dataset = await trainingData(network, needed, terminal, trust);
  return quantizeNetwork(network, { calibration: calibrationOf(dataset, network.spec.input.shape) });
}

function trainingData(
  { spec, provenance }: TrainedNetwork,
  { layer, reason }: StaticScalesReason,
  terminal: Terminal,
  { trustData = false }: DataTrust,
): Promise<Dataset> {
  if (ownDataSpec(provenance) !== undefined) return openModelData({ trustData }, provenance, terminal);
  throw new CliError(
    'bad-file',
    `The network ${spec.name} does not say which data set it was trained on, and samples of it are wanted to find scales: layer ${layer} ${reason}. Quantize it with the API: quantizeNetwork(trained, { calibration: { samples } }).`,
  );
}
