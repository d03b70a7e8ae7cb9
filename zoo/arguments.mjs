// What the programs of the zoo are told on the command line: entries by name, and for trainings seeds, folder and epochs.
import { parseArgs } from 'node:util';
import { entries } from './entries.mjs';

/** The entries of these names, all without a name. Ends the program if there is no such entry. */
export function chosenEntries(names) {
  const unknown = names.filter((name) => !entries.some((entry) => entry.name === name));
  if (unknown.length > 0) {
    console.error(`No zoo entry ${unknown.join(', ')}; there are ${entries.map(({ name }) => name).join(', ')}.`);
    process.exit(2);
  }
  return names.length > 0 ? entries.filter(({ name }) => names.includes(name)) : entries;
}

export function trainingArguments() {
  const { values, positionals } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      out: { type: 'string', default: 'runs/zoo' },
      epochs: { type: 'string' },
    },
    allowPositionals: true,
  });
  return {
    seeds: values.seeds.split(',').map(Number),
    out: values.out,
    /** How long an entry trains. */
    epochsOf: ({ config }) => (values.epochs === undefined ? config.epochs : Number(values.epochs)),
    chosen: chosenEntries(positionals),
  };
}
