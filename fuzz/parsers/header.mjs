// BitNetMCU model headers: parsed, run in TypeScript and WebAssembly, written again.
import { parseBitnetmcuHeader, writeBitnetmcuHeader } from '@bitnetmcu/exporter';
import { summarizeModel } from '@bitnetmcu/models';
import { loadZooModel, zoo } from '@bitnetmcu/models/zoo';
import { macsOf, runModel } from '../further.mjs';
import { mutateText, pick } from '../mutators/bytes.mjs';

const PIECES = [
  '/*',
  '*/',
  '//',
  '\\\n',
  '"',
  "'",
  '{',
  '}',
  ';',
  '#define ',
  '#if 1\n',
  '#include "x"\n',
  'const uint32_t ',
  '[]',
  '0x',
  '0xffffffffffffffffff',
  '08',
  '-',
  '1.5',
  '\0',
  '\u00e9',
  'L1_weights',
  '??/',
  '#define NUM_LAYERS 4294967295\n',
  '#define L1_incoming_weights 65535\n',
  '#define L2_bitperweight 64\n',
  '#define L3_kernel_size 0\n',
];

/** A header whose every line means something. */
const SMALL = `#define MODEL_FCMNIST
#define NUM_LAYERS 2
#define MAX_N_ACTIVATIONS 64
#define L1_active
#define L1_bitperweight 4
#define L1_incoming_weights 8
#define L1_outgoing_weights 16
const uint32_t L1_weights[] = { ${Array.from({ length: 16 }, (_, row) => `0x${row.toString(16)}1234567`).join(', ')} };
#define L2_active
#define L2_bitperweight 2
#define L2_incoming_weights 16
#define L2_outgoing_weights 3
const uint32_t L2_weights[] = { 0x1b1b1b1b, 0x00000000, 0xffffffff };
`;

export async function prepare() {
  const seeds = [];
  for (const { name } of zoo) {
    const header = await loadZooModel(name)
      .then(writeBitnetmcuHeader)
      .catch(() => undefined);
    if (header !== undefined) seeds.push(header);
  }
  // Small ones first: most changes then hit what means something.
  return [SMALL, SMALL, ...seeds.sort((a, b) => a.length - b.length).slice(0, 6)];
}

export function make(random, seeds) {
  return { 'model.h': mutateText(pick(random, seeds), random, PIECES) };
}

export async function run(files) {
  const model = parseBitnetmcuHeader(new TextDecoder().decode(files['model.h']), { name: 'fuzzed' });
  await runModel(model, macsOf(summarizeModel(model)));
  writeBitnetmcuHeader(model);
}
