// Are exported ONNX graphs exact? Trains a fully connected and a convolutional preset briefly and compares the exported C, ONNX Runtime on the
// integer graph and on the QDQ form with the reference, all logits of all MNIST test images.
// node bench/onnx-export.mjs [--epochs n] [--python path] (after a build; needs MNIST, onnxruntime-node and a C compiler). With a Python that has
// the package onnx, onnx.checker looks at the files too. Prints a table and writes bench/results/onnx-export.json.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { createTrainingRun, fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { exportOnnx, quantize, verify } from '../dist/index.js';
import { ExportedCBackend, OnnxRuntimeBackend } from '../dist/node.js';

const { values: options } = parseArgs({
  options: { epochs: { type: 'string', default: '5' }, python: { type: 'string', default: 'python3' } },
});
const CHECK = `
import sys, onnx
for path in sys.argv[1:]:
    onnx.checker.check_model(onnx.load(path), full_check=True)
print(onnx.__version__)`;

/** The version of the Python package onnx that found nothing to complain about; undefined where there is none. */
function checkedBy(files) {
  const { status, stdout, stderr } = spawnSync(options.python, ['-c', CHECK, ...files], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  if (/No module named 'onnx'/.test(stderr ?? 'No module')) return undefined;
  throw new Error(`onnx.checker refused a file:\n${stderr}`);
}

const data = await loadDataset({ kind: 'mnist' });
const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-onnx-'));
const rows = [];
try {
  for (const network of ['fc-12k', 'cnn-16-small']) {
    const run = await createTrainingRun({ network, epochs: Number(options.epochs) }, { dataset: data });
    await run.run();
    const { model } = quantize(run.trainedNetwork());
    await run.close();
    const { bytes, labels } = fitSamples(data.test, fitInput(data.shape, model.input.shape));
    const files = ['integer', 'qdq'].map((form) => {
      const path = join(folder, `${network}-${form}.onnx`);
      writeFileSync(path, exportOnnx(model, { form }).bytes);
      return path;
    });
    const checker = checkedBy(files);
    const backends = [
      new ReferenceInference(),
      new ExportedCBackend(),
      new OnnxRuntimeBackend({ form: 'integer' }),
      new OnnxRuntimeBackend({ form: 'qdq' }),
    ];
    const { perBackend, images } = await verify(model, backends, quantizeInput(model, bytes), labels);
    for (const { name, accuracy, mismatches, seconds } of perBackend) {
      rows.push({
        network,
        implementation: name,
        images,
        mismatches,
        accuracy: 100 * accuracy,
        seconds,
        onnxChecker: checker,
      });
      console.log(
        `${network.padEnd(14)} ${name.padEnd(12)} ${String(mismatches).padStart(5)} of ${images} images differ  ${(100 * accuracy).toFixed(2)} %  ${seconds.toFixed(1)} s`,
      );
    }
    console.log(
      `${network.padEnd(14)} onnx.checker ${checker === undefined ? 'not installed' : `${checker}: nothing to complain about`}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
const { version } = await import('onnxruntime-node/package.json', { with: { type: 'json' } }).then(
  (module) => module.default,
);
const machine = `${cpus()[0].model}, Node ${process.version}, onnxruntime-node ${version}`;
writeFileSync(
  new URL('results/onnx-export.json', import.meta.url),
  `${JSON.stringify({ machine, epochs: Number(options.epochs), rows }, null, 2)}\n`,
);
