// The zoo's entries as a study: a document as `bitnetmcu study run` takes it, of one seed, since teachers may be those of the run's own seed.
import { configOf } from './entries.mjs';

export function zooStudy(entries, seed, epochsOf = ({ config }) => config.epochs) {
  return {
    name: `zoo-seed-${seed}`,
    configurations: entries.map((entry) => ({
      name: entry.name,
      config: { ...configOf(entry, seed), epochs: epochsOf(entry) },
    })),
    seeds: [seed],
    test: true,
  };
}
