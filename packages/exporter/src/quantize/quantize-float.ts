// FloatNetwork → QuantizedModel, by the way that fits it.
import type { FloatNetwork } from '../float/float-network.js';
import { importProvenance } from '../float/preprocessing.js';
import { requireUsedScale } from './choices.js';
import type { QuantizeFloatOptions } from './options.js';
import type { Quantized } from './report.js';
import { quantizeScaleFree, scaleFreeObstacle } from './scale-free/float-network.js';
import { quantizeStatic } from './static/quantize-static.js';

/**
 * Networks whose every layer normalizes its input and that have no bias (BitLinear) keep their codes and need no calibration; all others
 * get static scales from calibration samples, powers of two apart.
 * @throws UnsupportedGraphError for what has no integer form; ExporterError `no-calibration`, `invalid-calibration`, `invalid-option`,
 * `accumulator-overflow`.
 */
export function quantizeFloat(network: FloatNetwork, options: QuantizeFloatOptions = {}): Quantized {
  const activations = options.activations ?? (isScaleFree(network) ? 'scale-free' : 'static');
  requireUsedScale(options, activations);
  const settings = { ...options, provenance: importProvenance(network, options.preprocessing, options.provenance) };
  const { model, report } =
    activations === 'scale-free' ? quantizeScaleFree(network, settings) : quantizeStatic(network, settings);
  return { model, report: { ...report, warnings: [...(network.notes ?? []), ...report.warnings] } };
}

function isScaleFree(network: FloatNetwork): boolean {
  return network.layers.some(({ op }) => op === 'dynamicNorm') && scaleFreeObstacle(network) === undefined;
}
