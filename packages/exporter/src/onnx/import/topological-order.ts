// Nodes so that each stands behind those that it reads. The format asks for it, ONNX Runtime does not, and its float16 converter does not do it.
import { ExporterError } from '../../errors.js';
import type { OnnxNode } from '../ir/graph.js';

/**
 * The nodes in an order in which they can be computed; as they are where they are so already.
 * @throws ExporterError `onnx` for nodes that wait for each other
 */
export function topologicalOrder(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  producers.delete('');
  const given = new Set<string>();
  const isInOrder = nodes.every((node) => {
    const known = node.inputs.every((name) => !producers.has(name) || given.has(name));
    for (const name of node.outputs) given.add(name);
    return known;
  });
  if (isInOrder) return nodes;
  const waiting = new Map(
    nodes.map((node) => [node, new Set(node.inputs.flatMap((name) => producers.get(name) ?? []))]),
  );
  const readers = new Map<OnnxNode, OnnxNode[]>();
  for (const [node, sources] of waiting) {
    for (const source of sources) readers.set(source, [...(readers.get(source) ?? []), node]);
  }
  const ordered: OnnxNode[] = [];
  const ready = nodes.filter((node) => waiting.get(node)!.size === 0);
  for (const node of ready) {
    ordered.push(node);
    for (const reader of readers.get(node) ?? []) {
      const left = waiting.get(reader)!;
      left.delete(node);
      if (left.size === 0) ready.push(reader);
    }
  }
  if (ordered.length === nodes.length) return ordered;
  const done = new Set(ordered);
  const stuck = nodes.filter((node) => !done.has(node)).slice(0, 5);
  throw new ExporterError(
    'onnx',
    `The nodes ${stuck.map(({ name }) => name).join(', ')} wait for each other in a circle; the file is damaged`,
  );
}
