// Fills the marked regions of README.md and docs/*.md from measured files and from the built packages, and draws the plots beside them, so that
// no number is typed by hand. The pages of docs/research are written as a whole.
//   node scripts/docs-tables.mjs            writes tables and plots
//   node scripts/docs-tables.mjs --check    exits 1 if a table or plot is not what the files say, or firmware was not what its simulation says
//   node scripts/docs-tables.mjs --record   first takes demo-out/summary.json as the recorded demo
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { arithmeticTables } from './docs/arithmetic.mjs';
import { codedTables } from './docs/coded.mjs';
import { cyclesTables } from './docs/cycles.mjs';
import { firmwareDisagreements, firmwareTables } from './docs/firmware.mjs';
import { formatTables } from './docs/formats.mjs';
import { growthPlots, growthTables } from './docs/growth.mjs';
import { keywordsTables } from './docs/keywords.mjs';
import { limitsTables } from './docs/limits.mjs';
import { builtPackage, measured, percent, seconds, table } from './docs/markdown.mjs';
import { onnxTables } from './docs/onnx.mjs';
import { operationTables } from './docs/operations.mjs';
import { ownDataTables } from './docs/own-data.mjs';
import { peersTables } from './docs/peers.mjs';
import { publishedTables } from './docs/published.mjs';
import { researchPages } from './docs/research.mjs';
import { runtimeTables } from './docs/runtime.mjs';
import { studiesPlots, studiesTables } from './docs/studies.mjs';
import { tfjsTables } from './docs/tfjs.mjs';
import { trainingTables } from './docs/training.mjs';
import { zooPlots, zooTables } from './docs/zoo.mjs';
import { root } from './workspace.mjs';

const recordedDemo = join(root, 'bench', 'results', 'demo.json');

/** Shows a number as short as it is exact; long lists by their ends. */
function list(values, shown = 4) {
  const texts = [...values].map((value) => String(value).replace('-', '−'));
  return texts.length <= 2 * shown
    ? texts.join(', ')
    : `${texts.slice(0, 2).join(', ')} … ${texts.slice(-2).join(', ')}`;
}

/** One function a region; each gives Markdown, or undefined where its source does not exist (the region stays as it is). */
const TABLES = {
  async formats() {
    const { FORMAT_NAMES, bitsPerWeight, getFormat } = await builtPackage('quant');
    return table(
      ['format', 'levels', 'bits', 'integer weights', ''],
      FORMAT_NAMES.map((name) => {
        const { levels, integers, description } = getFormat(name);
        return [`\`${name}\``, list(levels), bitsPerWeight(name), list(integers), description];
      }),
    );
  },
  async activations() {
    const { ACTIVATIONS } = await builtPackage('models');
    const integer = { rectifier: 'part of norms, shifts and `requantize`', table: '`lookup`' };
    return table(
      ['activation', 'function', 'integer form', 'ONNX'],
      Object.entries(ACTIVATIONS).map(([name, { formula, integerForm, onnx }]) => {
        const attributes = Object.entries(onnx?.attributes ?? {}).map(([key, value]) => `, ${key} = ${value}`);
        return [`\`${name}\``, formula, integer[integerForm], `${onnx?.operator ?? '–'}${attributes.join('')}`];
      }),
    );
  },
  async 'plain-kernels'() {
    const { FORMAT_NAMES, getFormat } = await builtPackage('quant');
    const kernels = new Map();
    for (const name of FORMAT_NAMES) {
      const { kernel } = getFormat(name);
      kernels.set(kernel.name, [...(kernels.get(kernel.name) ?? []), name]);
    }
    return table(
      ['linear', 'convolution', 'formats', 'integers', 'packing'],
      [...kernels].map(([kernel, names]) => {
        const { integers, packing } = getFormat(names[0]);
        const { kind, groupSize, groupBits, radix } = packing;
        const packed =
          kind === 'bits'
            ? `${groupBits} bit${groupBits === 1 ? '' : 's'} each, lowest first`
            : `${groupSize} in ${groupBits} bits, base ${radix}`;
        const formats = names.map((name) => `\`${name}\``).join(', ');
        return [`\`bnm_linear_${kernel}\``, `\`bnm_unpack_${kernel}\``, formats, list(integers), packed];
      }),
    );
  },
  async presets() {
    const { buildPreset, PRESET_NAMES, presets } = await builtPackage('models');
    return table(
      ['preset', 'weights', ''],
      PRESET_NAMES.filter((name) => buildPreset(name)).map((name) => [
        `\`${name}\``,
        `${(presets[name].weightBytes / 1024).toFixed(1)} kB`,
        presets[name].description,
      ]),
    );
  },
  async targets() {
    const { PART_NAMES, parts } = await builtPackage('mcu-runtime', 'targets/index');
    const simulators = {
      riscv: 'simulator of this package',
      rp2040: 'rp2040js',
      avr: 'avr8js',
      'cortex-m': 'simulator of this package',
    };
    return table(
      ['target', '', 'flash', 'RAM', 'clock', 'simulated by', 'figures from'],
      PART_NAMES.map((name) => {
        const { description, flash, ram, clockHz, core, sources } = parts[name];
        return [
          `\`${name}\``,
          description.split(': ')[0],
          `${flash.size / 1024} kB`,
          `${ram.size / 1024} kB`,
          `${clockHz / 1e6} MHz`,
          `${simulators[core.kind]}${core.timing?.assumed === undefined ? '' : ', estimate'}`,
          sources.join('; '),
        ];
      }),
    );
  },
  async 'firmware-targets'() {
    const { FIRMWARE_KINDS } = await builtPackage('exporter', 'node');
    return table(
      ['target', '', 'kernels', 'prints on'],
      Object.entries(FIRMWARE_KINDS).map(([name, { description, kernels, serial }]) => [
        `\`${name}\``,
        description,
        kernels.map((one) => one.name).join(', '),
        serial,
      ]),
    );
  },
  async demo() {
    const demo = measured(recordedDemo);
    if (demo === undefined) return undefined;
    return [
      table(
        ['what `npm run demo` did', ''],
        [
          ['network', demo.network],
          ['weights', `${demo.weightBytes} bytes`],
          ['test accuracy of the exported C, integer arithmetic', percent(demo.testAccuracy)],
          ['test images on which an implementation differed in any bit', `${demo.mismatches} of ${demo.images}`],
          ['training, 60 epochs with augmentation', seconds(demo.trainSeconds)],
          ['training, export, compilation and verification', seconds(demo.totalSeconds)],
          [
            'engine',
            `${demo.engine.kind}, ${demo.engine.simd}, ${demo.engine.threads} thread${demo.engine.threads === 1 ? '' : 's'}`,
          ],
        ],
      ),
      `Node ${demo.versions.node}, ${demo.machine.cpu}, ${demo.machine.cores} cores.`,
    ].join('\n\n');
  },
  ...arithmeticTables,
  ...zooTables,
  ...codedTables,
  ...cyclesTables,
  ...firmwareTables,
  ...formatTables,
  ...keywordsTables,
  ...limitsTables,
  ...onnxTables,
  ...operationTables,
  ...growthTables,
  ...trainingTables,
  ...ownDataTables,
  ...peersTables,
  ...publishedTables,
  ...runtimeTables,
  ...studiesTables,
  ...tfjsTables,
};

/** Plots by path; each function gives the whole file, or undefined where its source does not exist. */
const PLOTS = { ...zooPlots, ...growthPlots, ...studiesPlots };

/** Where a region begins and ends in Markdown. */
const REGION = /(<!-- table:([a-z-]+) -->\n)([\s\S]*?)(<!-- \/table:\2 -->)/g;

async function fill(file, check) {
  const text = readFileSync(file, 'utf8');
  let result = '';
  let end = 0;
  const stale = [];
  for (const match of text.matchAll(REGION)) {
    const [whole, opening, name, content, closing] = match;
    const make = TABLES[name];
    if (make === undefined)
      throw new Error(
        `${relative(root, file)}: there is no table "${name}"; tables: ${Object.keys(TABLES).join(', ')}`,
      );
    const made = await make();
    const filled = made === undefined ? content : `\n${made}\n\n`;
    if (filled !== content) stale.push(name);
    result += text.slice(end, match.index) + opening + filled + closing;
    end = match.index + whole.length;
  }
  result += text.slice(end);
  for (const name of stale)
    console.log(`${relative(root, file)}: table "${name}" ${check ? 'is not what the measured files say' : 'filled'}`);
  if (!check && result !== text) writeFileSync(file, result);
  return stale.length;
}

async function draw(path, make, check) {
  const made = await make();
  const file = join(root, path);
  if (made === undefined || (existsSync(file) && readFileSync(file, 'utf8') === made)) return 0;
  console.log(`${path} ${check ? 'is not what the measured files say' : 'drawn'}`);
  if (!check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, made);
  }
  return 1;
}

const check = process.argv.includes('--check');
if (process.argv.includes('--record')) {
  mkdirSync(dirname(recordedDemo), { recursive: true });
  writeFileSync(recordedDemo, readFileSync(join(root, 'demo-out', 'summary.json')));
}
const files = [
  join(root, 'README.md'),
  join(root, 'examples', 'keywords', 'README.md'),
  join(root, 'packages', 'mcu-runtime', 'README.md'),
  join(root, 'packages', 'mcu-runtime', 'c', 'fast', 'README.md'),
  join(root, 'packages', 'mcu-runtime', 'simulator', 'README.md'),
  join(root, 'packages', 'models', 'README.md'),
  join(root, 'packages', 'quant', 'README.md'),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name)),
].filter(existsSync);
let stale = 0;
for (const [path, text] of await researchPages()) stale += await draw(path, () => text, check);
for (const file of files) stale += await fill(file, check);
for (const [path, make] of Object.entries(PLOTS)) stale += await draw(path, make, check);
const disagreements = check ? firmwareDisagreements() : [];
for (const row of disagreements) console.log(row);
if (disagreements.length > 0) {
  console.log(
    'Measure the firmware again (`npm run firmware:record`), and find out what differs where that does not help.',
  );
  process.exitCode = 1;
}
if (check && stale > 0) {
  console.log('Run `node scripts/docs-tables.mjs` and commit the result.');
  process.exitCode = 1;
}
