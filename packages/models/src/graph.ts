// The graph rules that NetworkSpec and QuantizedModel share: unique names, known and earlier inputs, nothing left unread.
import { nearestName } from '@bitnetmcu/quant/internal';
import { ModelError } from './errors.js';

/** The name by which layers and nodes read the sample. */
export const INPUT = 'input';

/**
 * Checks a list in topological order and returns the input names of each entry.
 * @param what `layer` or `node`, for messages.
 * @throws ModelError `duplicate-name`, `unknown-input` or `unused-node`.
 */
export function resolveGraph(
  what: 'layer' | 'node',
  entries: readonly { readonly name: string; readonly inputs: readonly string[] }[],
): (readonly string[])[] {
  const all = new Set(entries.map((entry) => entry.name));
  const before = new Set<string>([INPUT]);
  const read = new Set<string>();
  for (const { name, inputs } of entries) {
    if (name === INPUT) {
      throw new ModelError(
        'duplicate-name',
        `A ${what} is named '${INPUT}', which is the sample's name: choose another.`,
      );
    }
    if (before.has(name)) {
      throw new ModelError(
        'duplicate-name',
        `Two ${what}s are named '${name}': every ${what} needs a name of its own.`,
      );
    }
    for (const input of inputs) {
      if (!before.has(input)) throw unknownInput(what, name, input, before, all);
      read.add(input);
    }
    before.add(name);
  }
  const unread = entries.slice(0, -1).find((entry) => !read.has(entry.name));
  if (unread !== undefined) {
    throw new ModelError(
      'unused-node',
      `No ${what} reads the output of ${what} '${unread.name}', and it is not the last: name it in some 'inputs' or remove it.`,
    );
  }
  return entries.map((entry) => entry.inputs);
}

function unknownInput(what: string, name: string, input: string, before: Set<string>, all: Set<string>): ModelError {
  if (input === name)
    return new ModelError('unknown-input', `The ${what} '${name}' reads its own output: loops are not possible.`);
  if (all.has(input)) {
    return new ModelError(
      'unknown-input',
      `The ${what} '${name}' reads '${input}', which comes later: put it before '${name}'.`,
    );
  }
  const nearest = nearestName(input, before);
  const hint = nearest === undefined ? `known here: ${[...before].slice(-8).join(', ')}` : `did you mean '${nearest}'?`;
  return new ModelError('unknown-input', `The ${what} '${name}' reads '${input}', which does not exist; ${hint}`);
}
