// The conformance suite over exported C in both fast layouts, each by a target that has it.
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { describe, it } from 'vitest';
import { temporaryFolders } from '../firmware/__fixtures__/projects.js';
import { expectConformance } from './__fixtures__/exported-conformance.js';

const newFolder = temporaryFolders();
const present = hostCompiler().kind === 'found';

describe.skipIf(!present)(`exported C${present ? '' : ' (no C compiler here)'}`, () => {
  // A loaded machine compiles slowly.
  it.each(['ch32v003', 'ch32v002'] as const)(
    'passes the conformance suite under the sanitizers, without a warning: %s',
    (target) => expectConformance(newFolder(), { target }),
    120_000,
  );
});
