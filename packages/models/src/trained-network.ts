// TrainedNetwork: a NetworkSpec with its float parameters; what a trainer or an import makes and an exporter takes.
import type { NetworkSpec } from './network-spec.js';
import type { Provenance } from './quantized-model.js';

/**
 * Parameters are keyed `<layer>.<parameter>`: `fc1.weight` (output-major), `fc1.bias`, `fc1.clip` (1 scalar, or one an output),
 * `fc1.bits` and `fc1.exponent` (learned bits, in place of `clip`), `fc1.mask` (a 0 for each pruned weight, else 1; absent where none is pruned),
 * `fc1.norm.mean`, `fc1.norm.variance`, `fc1.norm.gain`, `fc1.norm.shift` (batch and layer norm).
 */
export interface TrainedNetwork {
  readonly spec: NetworkSpec;
  readonly parameters: Readonly<Record<string, Float32Array>>;
  readonly labels: readonly string[];
  readonly provenance: Provenance;
}
