// Classifiers of scikit-learn give two outputs, the label and a probability of each class: the probabilities are what is imported, the
// labels are names of classes.
import type { OnnxNode } from '../ir/graph.js';
import type { Tensor } from '../ir/tensor.js';
import { ML_DOMAIN } from './ml-operators.js';

/** What is needed to tell the outputs apart. */
export interface ClassifierParts {
  readonly nodes: readonly OnnxNode[];
  readonly outputs: readonly string[];
  readonly constants: ReadonlyMap<string, Tensor>;
  /** Initializers of text. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

export interface ClassifierEnd {
  /** The value that carries the probabilities, or a single one of the second class. */
  readonly output: string;
  /** Names of the classes, in the order of the outputs; undefined: the graph does not say. */
  readonly classes: readonly string[] | undefined;
}

/** Operators that pass a label or its number on. */
const MOVES: ReadonlySet<string> = new Set(['Cast', 'Reshape', 'Identity', 'Squeeze', 'Flatten']);

/** Where a graph gives a label and probabilities; undefined for all others. */
export function classifierEnd(parts: ClassifierParts): ClassifierEnd | undefined {
  const { nodes, outputs } = parts;
  if (outputs.length !== 2) return undefined;
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const label = outputs.find((name) => labelSource(name, producers) !== undefined);
  if (label === undefined) return undefined;
  const source = labelSource(label, producers)!;
  const probabilities = outputs.find((name) => name !== label)!;
  const shown = producers.get(probabilities);
  const isMap = shown?.operator === 'ZipMap';
  let output = isMap ? shown.inputs[0]! : probabilities;
  for (;;) {
    const node = producers.get(output);
    // Of probabilities it divides by their sum, which moves no class.
    const isNormalizer = node?.domain === ML_DOMAIN && node.operator === 'Normalizer';
    if (!isNormalizer && node?.operator !== 'Identity') break;
    output = node.inputs[0]!;
  }
  const named = namesOf(source, parts) ?? (isMap ? attributeNames(shown) : undefined);
  return { output: secondOfTwo(output, producers) ?? output, classes: named };
}

/** The node that makes a label of class numbers: the choice from a list of names, or a classifier itself. */
function labelSource(name: string, producers: ReadonlyMap<string, OnnxNode>): OnnxNode | undefined {
  let node = producers.get(name);
  while (node && node.domain === '' && MOVES.has(node.operator)) node = producers.get(node.inputs[0]!);
  if (node?.domain !== ML_DOMAIN) return undefined;
  if (node.operator === 'ArrayFeatureExtractor') return node;
  return node.operator === 'LinearClassifier' && node.outputs[0] === name ? node : undefined;
}

function namesOf(source: OnnxNode, { constants, texts }: ClassifierParts): readonly string[] | undefined {
  if (source.operator === 'LinearClassifier') return attributeNames(source);
  const list = source.inputs[0]!;
  const numbers = constants.get(list);
  return texts.get(list) ?? (numbers && Array.from(numbers.data, String));
}

function attributeNames({ attributes }: OnnxNode): readonly string[] | undefined {
  for (const key of ['classlabels_strings', 'classlabels_ints', 'classlabels_int64s']) {
    const names = attributes.get(key);
    if (Array.isArray(names) && names.length > 0) return names.map(String);
  }
  return undefined;
}

/** p of 1 − p and p side by side, as classifiers of two classes give them. */
function secondOfTwo(name: string, producers: ReadonlyMap<string, OnnxNode>): string | undefined {
  const joined = producers.get(name);
  if (joined?.operator !== 'Concat' || joined.inputs.length !== 2) return undefined;
  const [other, second] = joined.inputs as [string, string];
  const difference = producers.get(other);
  const isSigmoid = producers.get(second)?.operator === 'Sigmoid';
  return isSigmoid && difference?.operator === 'Sub' && difference.inputs[1] === second ? second : undefined;
}

/** The nodes on which a value depends, in their order. */
export function nodesUpTo(nodes: readonly OnnxNode[], output: string): OnnxNode[] {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const wanted = new Set<OnnxNode>();
  const pending = [output];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = producers.get(name);
    if (node === undefined || wanted.has(node)) continue;
    wanted.add(node);
    pending.push(...node.inputs);
  }
  return nodes.filter((node) => wanted.has(node));
}
