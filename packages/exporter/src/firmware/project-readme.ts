// The README of a firmware project: the commands that install, build and flash, and what to expect.
import { visibleText } from '@bitnetmcu/models/internal';
import type { FirmwareKind } from './firmware-kinds.js';
import type { ProjectParts } from './firmware-project.js';

/**
 * @param build command lines
 * @param notes paragraphs at the end
 */
export function projectReadme(
  { description, install, flashing, serial }: FirmwareKind,
  { model, exported, kernels, samples: { count, classes } }: ProjectParts,
  build: readonly string[],
  notes: readonly string[],
): string {
  return `# ${markdown(model.name)}: ${description}

\`\`\`sh
${[...install, ...build].join('\n')}
\`\`\`

${flashing}.

The self-test classifies ${count} test sample${count === 1 ? '' : 's'} (${classes.join(', ')}) and prints the classes on ${serial}. Its last line compares a checksum of
all logits with that of the reference inference: \`self-test passed\` means that the part computes what was verified, bit for bit.

| | |
| --- | --- |
| weights | ${exported.sizes.weightBytes} bytes |
| working memory | ${exported.sizes.ramBytes} bytes, besides ${exported.sizes.inputs} of input and ${4 * exported.sizes.outputs} of logits |
| kernels | ${kernels.name}${exported.layout === 'plain' ? '' : ` (weights in the layout \`${exported.layout}\`)`} |

\`\`\`c
#include "${exported.name}.h"

int ${exported.name}_infer(const int8_t *input, int32_t *logits); /* returns the class */
\`\`\`

${notes.join('\n\n')}
`;
}

/** One line of text in Markdown, in which no character means anything. */
function markdown(text: string): string {
  return visibleText(text).replace(/[\\`*_[\]<>&#~|!]/g, '\\$&');
}
