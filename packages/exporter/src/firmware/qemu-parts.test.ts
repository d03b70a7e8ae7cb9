// Kernels of the parts without a board in QEMU: they give the logits of the reference to the bit.
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { describe, it } from 'vitest';
import { temporaryFolders } from './__fixtures__/projects.js';
import { expectSelfTest, MACHINES, missingPrograms } from './__fixtures__/qemu-parts.js';

const newFolder = temporaryFolders();
const SAMPLES = 3;
const model = conformanceModel(5, 3, {});
const inputs = conformanceInputs(
  5,
  SAMPLES,
  model.input.shape.reduce((product, size) => product * size, 1),
  3,
);

describe.each(Object.entries(MACHINES))('%s', (part, machine) => {
  it.skipIf(missingPrograms(part, machine).length > 0).each(['fast', 'plain'])(
    '%s kernels compute the logits of the reference',
    (kernels) => expectSelfTest(newFolder(), part, machine, { model, inputs, kernels }),
  );
});
