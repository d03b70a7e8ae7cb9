// On which simulated parts a model's firmware fits, and how long an inference takes there.
import { firmwareFacts } from '@bitnetmcu/exporter/internal/node';
import { BOARD_PART_NAMES, probeInput } from '@bitnetmcu/mcu-runtime/internal/targets';
import { simulateModel } from '@bitnetmcu/mcu-runtime/targets';

/** Milliseconds of a sample that is a quarter something and else background, as digits are. */
export async function onTargets(model) {
  const targets = [];
  const milliseconds = [];
  for (const target of BOARD_PART_NAMES) {
    const facts = firmwareFacts(model, target);
    const simulated = await simulateModel(model, { target, inputs: probeInput(model), facts });
    if (simulated.kind !== 'simulated') continue;
    targets.push(target);
    milliseconds.push(Number(simulated.milliseconds.mean.toPrecision(3)));
  }
  return { targets, milliseconds };
}
