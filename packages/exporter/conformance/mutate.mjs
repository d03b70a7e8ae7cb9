// Changes the content of a model file: numbers, words, nodes and sections of its header, and the bytes of sections. Sizes of sections
// mostly follow the changed nodes, so that many changed files are models again.

import { OP_MEANINGS } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { packedRowBytes } from '@bitnetmcu/quant/internal';

/** What stands at the ends of ranges in files and in C. */
const EDGES = [
  0,
  1,
  2,
  3,
  4,
  7,
  15,
  16,
  30,
  31,
  32,
  127,
  128,
  254,
  255,
  256,
  1023,
  1024,
  65_535,
  65_536,
  2 ** 31 - 1,
  -1,
  -128,
  -(2 ** 31),
];

/** @param content header and sections of a container, which are changed */
export function mutate(random, content) {
  const changes = random.integer(1, 4);
  for (let i = 0; i < changes; i++) changeHeader(random, content.header);
  if (random.chance(0.9)) fitSections(random, content);
  if (random.chance(0.3)) changeSection(random, content.sections);
  return content;
}

function changeHeader(random, header) {
  const { nodes } = header;
  const node = random.pick(nodes);
  const kind = random.integer(0, 11);
  if (kind <= 5) changeNumber(random, random.chance(0.1) ? header : node);
  else if (kind === 6) rename(random, nodes);
  else if (kind === 7) nodes.splice(nodes.indexOf(node), 1);
  else if (kind === 8) insertNode(random, nodes, node);
  else if (kind === 9) swapOperation(random, node);
  else if (kind === 10 && node.weights) node.weights.format = random.pick(FORMAT_NAMES);
  else if (kind === 11 && node.weights) flip(random, node.weights);
  if (nodes.length === 0) nodes.push(node);
}

/** Of all numbers under a value. */
function changeNumber(random, value) {
  const places = [];
  const collect = (object) => {
    for (const [key, entry] of Object.entries(object)) {
      if (typeof entry === 'number') places.push([object, key]);
      else if (typeof entry === 'object' && entry !== null) collect(entry);
    }
  };
  collect(value);
  if (places.length === 0) return;
  const [object, key] = random.pick(places);
  const change = random.integer(0, 3);
  if (change === 0) object[key] = random.pick(EDGES);
  else if (change === 1) object[key] = Math.max(0, object[key] + random.integer(-2, 2));
  else if (change === 2) object[key] = random.integer(0, 12);
  else object[key] *= random.integer(1, 4);
}

/** Another input of a node: also one with another shape, or the sample. */
function rename(random, nodes) {
  const node = random.pick(nodes);
  node.inputs[random.integer(0, node.inputs.length - 1)] = random.pick(['input', ...nodes.map(({ name }) => name)]);
}

/** Something that keeps its input's shape, behind a node. */
function insertNode(random, nodes, before) {
  const name = `x${nodes.length}`;
  const between = random.pick([
    { op: 'shiftNorm', activation: 'relu' },
    { op: 'maxAbsNorm', activation: 'relu' },
    { op: 'reluShift', shift: random.integer(0, 30) },
    { op: 'requantize', shift: random.integer(0, 30), min: random.integer(-200, 0), max: random.integer(0, 200) },
    { op: 'lookup', table: Array.from({ length: random.pick([256, 256, 255]) }, () => random.integer(-129, 128)) },
    { op: 'maxPool2d', size: [1, 1], stride: [1, 1], padding: [0, 0] },
    { op: 'avgPool2d', size: [2, 2], stride: [random.integer(1, 5), 1], padding: [1, 1], countIncludePad: true },
    { op: 'add', leftShift: [random.integer(0, 15), 0] },
    { op: 'add', multiplier: random.integer(-127, 127), leftShift: [0, random.integer(0, 15)] },
  ]);
  const inputs = between.op === 'add' ? [before.name, before.name] : [before.name];
  for (const node of nodes) node.inputs = node.inputs.map((input) => (input === before.name ? name : input));
  nodes.splice(nodes.indexOf(before) + 1, 0, { ...between, name, inputs });
}

/** Pools and norms become each other; other nodes become nodes with fields missing. */
function swapOperation(random, node) {
  if (node.op === 'maxPool2d') Object.assign(node, { op: 'avgPool2d', countIncludePad: random.chance(0.5) });
  else if (node.op === 'shiftNorm' || node.op === 'maxAbsNorm') node.op = random.pick(['shiftNorm', 'maxAbsNorm']);
  else if (random.chance(0.2)) node.op = random.pick(Object.keys(OP_MEANINGS));
}

function flip(random, weights) {
  const part = random.pick(['outputShifts', 'bias']);
  weights[part] = !weights[part];
}

/** Fan-in and channels as a node says them, and a section of that size for each of its arrays. */
function fitSections(random, { header, sections }) {
  const kept = new Set();
  for (const node of header.nodes) {
    if (!node.weights) continue;
    const isLinear = node.op === 'linear';
    const rows = isLinear ? node.outFeatures : node.outChannels;
    const columns = isLinear ? node.inFeatures : (node.inChannels / node.groups) * node.kernel?.[0] * node.kernel?.[1];
    if (!(Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0 && rows * columns < 1e5))
      continue;
    const byte = () => random.integer(0, 255);
    // Not every byte is a code of these: those that packing gives are kept, or repeated.
    const resize = (name, length, fill) => {
      kept.add(name);
      const old = sections.get(name);
      if (old?.length === length) return;
      const Type = old?.constructor ?? fill.type;
      sections.set(
        name,
        Type.from({ length }, (_, i) => (old?.length ? old[i % old.length] : fill.value())),
      );
    };
    const bytes = rows * packedRowBytes(node.weights.format, columns);
    resize(`${node.name}.weights`, bytes, { type: Uint8Array, value: byte });
    if (node.weights.outputShifts) {
      resize(`${node.name}.outputShifts`, rows, { type: Uint8Array, value: () => random.integer(0, 15) });
    }
    if (node.weights.bias) {
      resize(`${node.name}.bias`, rows, { type: Int32Array, value: () => random.integer(-1000, 1000) });
    }
  }
  for (const name of sections.keys()) if (!kept.has(name)) sections.delete(name);
}

function changeSection(random, sections) {
  if (sections.size === 0) return;
  const [name, data] = random.pick([...sections]);
  if (data.length === 0) return;
  const changed = random.chance(0.1) ? data.slice(0, random.integer(0, data.length)) : data.slice();
  for (let i = random.integer(1, 8); i > 0 && changed.length > 0; i--) {
    changed[random.integer(0, changed.length - 1)] = random.chance(0.5) ? random.integer(0, 255) : random.pick(EDGES);
  }
  sections.set(name, changed);
}
