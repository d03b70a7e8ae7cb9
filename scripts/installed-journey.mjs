// What users do with the installed packages that reads files beside the packages' own: the compiled addon, the augmentation worker and
// the C sources. `check-packages.mjs` runs it from ESM and from CommonJS in a folder of an awkward name. Takes the modules, gives what it found.

/** A few images, enough to train an epoch on. */
function tinyDataset({ makeDataset }) {
  const count = 64;
  const part = {
    count,
    bytes: Uint8Array.from({ length: count * 256 }, (_, i) => (i * 37 + (i >> 8) * 11) % 256),
    labels: Uint16Array.from({ length: count }, (_, i) => i % 10),
  };
  return makeDataset({ name: 'tiny', train: part, test: part, shape: [1, 16, 16], labels: [...'0123456789'] });
}

export async function installedJourney({ trainer, exporter, exporterNode }, folder) {
  const engine = await trainer.createEngine({ kind: 'native' });
  const run = await trainer.createTrainingRun(
    { network: 'fc-1k', epochs: 1, validation: 0, batchSize: 16, augmentation: {} },
    { dataset: tinyDataset(trainer), engine },
  );
  await run.run();
  const model = exporter.quantize(run.trainedNetwork()).model;
  const { written } = exporterNode.writeExport(model, folder);
  return { engine: engine.info.kind, files: written.length };
}
