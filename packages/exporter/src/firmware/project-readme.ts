// The README of a firmware project: the commands that install, build and flash, and what to expect.

import { type Task, visibleText } from '@bitnetmcu/models/internal';
import { memoryText } from '../c/static-memory.js';
import type { FirmwareKind } from './firmware-kinds.js';
import type { ProjectParts } from './firmware-project.js';

/**
 * @param build command lines
 * @param notes paragraphs at the end
 */
export function projectReadme(
  kind: FirmwareKind,
  { model, exported, kernels, samples, serial }: ProjectParts,
  build: readonly string[],
  notes: readonly string[],
): string {
  const { description, install, flashing } = kind;
  return `# ${markdown(model.name)}: ${description}

\`\`\`sh
${[...install, ...build].join('\n')}
\`\`\`

${flashing}.

${serial ? commandsText(kind, samples) : selfTestText(kind, samples)}

| | |
| --- | --- |
| weights | ${exported.sizes.weightBytes} bytes |
| working memory | ${memoryText(exported.sizes.staticBytes)}; besides ${exported.sizes.inputs} of input and ${4 * exported.sizes.outputs} of logits |
| kernels | ${kernels.name}${exported.layout === 'plain' ? '' : ` (weights in the layout \`${exported.layout}\`)`} |

\`\`\`c
#include "${exported.name}.h"

int ${exported.name}_infer(const int8_t *input, int32_t *logits); /* returns ${RETURNS[samples.task]} */
\`\`\`

${notes.join('\n\n')}
`;
}

function selfTestText({ serial }: FirmwareKind, { count, task, classes }: ProjectParts['samples']): string {
  return `The self-test ${SELF_TESTS[task](counted(count), classes.join(', '))} on ${serial}. Its last line compares a checksum of
all logits with that of the reference inference: \`self-test passed\` means that the part computes what was verified, bit for bit.`;
}

function commandsText(kind: FirmwareKind, { count }: ProjectParts['samples']): string {
  const receiver = kind.style === 'bare-metal' ? kind.receiver : undefined;
  return `The program answers the commands of \`serial.h\`, which come in on ${receiver}, on ${kind.serial}: samples, with class, logits and the cycles that the part counts.
\`bitnetmcu verify <model> --port <device>\` compares all of them with the reference. Without \`-DBNM_SERIAL\` in \`model/build.mk\` it is the
self-test, on the ${counted(count)} of \`samples.h\` if there is room for ${count === 1 ? 'it' : 'them'}.`;
}

function counted(samples: number): string {
  return `${samples} test sample${samples === 1 ? '' : 's'}`;
}

const SELF_TESTS: Readonly<Record<Task, (samples: string, answers: string) => string>> = {
  classification: (samples, answers) => `classifies ${samples} (${answers}) and prints the classes`,
  anomaly: (samples, answers) => `judges ${samples} (${answers}) and prints 1 for each anomaly, else 0,`,
  regression: (samples) => `runs the network on ${samples} and prints their numbers`,
  multiLabel: (samples) => `runs the network on ${samples} and prints their numbers`,
};

/** What `_infer` returns. */
const RETURNS: Readonly<Record<Task, string>> = {
  classification: 'the class',
  anomaly: '1 for an anomaly, else 0',
  regression: '0: the header has functions that make values of the logits',
  multiLabel: '0: the header has functions that make labels of the logits',
};

/** One line of text in Markdown, in which no character means anything. */
function markdown(text: string): string {
  return visibleText(text).replace(/[\\`*_[\]<>&#~|!]/g, '\\$&');
}
