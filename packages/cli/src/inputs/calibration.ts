// Calibration samples for networks whose integers need fixed scales: samples that they were trained on, drawn from every class.
import { quantize } from '@bitnetmcu/exporter';
import { type StaticScalesReason, staticScalesReason } from '@bitnetmcu/exporter/internal';
import type { TrainedNetwork } from '@bitnetmcu/models';
import { type QuantizedNetwork, quantizeWithData } from '@bitnetmcu/studies/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';
import { ownDataSpec } from './dataset.js';
import { type DataTrust, openModelData } from './model-data.js';

export type { QuantizedNetwork };

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
  return quantizeWithData(network, dataset);
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
