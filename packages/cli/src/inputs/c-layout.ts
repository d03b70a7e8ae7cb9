// How the weights of exported C are laid out: as the kernels read them that firmware of the part has.
import type { CKernels, ExportTargetName } from '@bitnetmcu/exporter';
import { firmwareFacts } from '@bitnetmcu/exporter/internal/node';
import type { LayoutName } from '@bitnetmcu/mcu-runtime';
import { chooseVariant } from '@bitnetmcu/mcu-runtime/internal/targets';
import { SIMULATION_TARGET_NAMES } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';

/** What C is exported for. */
export interface ChosenKernels {
  readonly layout?: LayoutName;
  readonly target?: ExportTargetName;
  readonly kernels?: CKernels;
  readonly softFloat?: boolean;
}

/** Of a part with a simulator the layout of the kernels that firmware has. */
export async function withLayout(chosen: ChosenKernels, model: QuantizedModel): Promise<ChosenKernels> {
  const part = SIMULATION_TARGET_NAMES.find((name) => name === chosen.target);
  if (part === undefined || chosen.kernels === 'plain') return chosen;
  const { variant } = await chooseVariant(model, part, { facts: firmwareFacts(model, part) });
  // Where fast kernels are asked for they are those of the target, whether the model fits with them or not.
  return variant.layout === 'plain' && chosen.kernels === 'fast' ? chosen : { ...chosen, layout: variant.layout };
}
