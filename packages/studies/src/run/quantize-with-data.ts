// A trained network as integers, with samples of the data set that it was trained on where scales or a threshold have to be found.
import { quantize } from '@bitnetmcu/exporter';
import { staticScalesReason } from '@bitnetmcu/exporter/internal';
import type { QuantizedModel, Shape, TrainedNetwork } from '@bitnetmcu/models';
import {
  type Dataset,
  drawSamples,
  fitInput,
  fitSamples,
  type Samples,
  selectSamples,
  trainingConfigSchema,
} from '@bitnetmcu/trainer';
import { splitForValidation } from '@bitnetmcu/trainer/internal';

/** Enough for ranges and mean errors; more changes nothing but the time. */
const CALIBRATION_SAMPLES = 512;

export interface QuantizedNetwork {
  readonly model: QuantizedModel;
  /** Absent: the network needs no fixed scales. */
  readonly calibration?: { readonly dataset: string; readonly samples: number; readonly of: number };
}

/**
 * The integer network of a trained one.
 * @param dataset what it was trained on; asked for only where samples are needed
 * @throws ExporterError for networks without an integer form; TrainerError where the samples do not fit
 */
export function quantizeWithData(network: TrainedNetwork, dataset: Dataset): QuantizedNetwork {
  if (staticScalesReason(network) === undefined) return { model: quantize(network).model };
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

export interface DrawnSamples {
  /** uint8 in a network's input shape. */
  readonly samples: Samples;
  /** Where they stand in the part they are of. */
  readonly numbers: Uint32Array;
}

/** Draws `count` samples by class, in a network's input shape. @throws TrainerError where they do not fit it */
export function drawFitted(part: Samples, shape: Shape, input: Shape, count: number): DrawnSamples {
  const numbers = drawSamples(part, count);
  return { samples: fitSamples(selectSamples(part, numbers), fitInput(shape, input)), numbers };
}

/** The samples that a network was trained with, and those held out, which judge it and calibrate nothing. */
function partsOf({ train }: Dataset, { provenance }: TrainedNetwork): { rest: Samples; heldOut: Samples } {
  const config = trainingConfigSchema.safeParse(provenance.config);
  const none = { count: 0, bytes: new Uint8Array(), labels: new Uint16Array() };
  return config.success ? splitForValidation(train, config.data) : { rest: train, heldOut: none };
}
