// What the import says of a graph that it does not take.
import { UnsupportedGraphError } from '../../float/unsupported.js';
import { importFloatNetwork } from '../import/import-graph.js';
import type { OnnxGraph } from '../ir/graph.js';

export function refusal(graph: OnnxGraph): UnsupportedGraphError {
  try {
    importFloatNetwork(graph);
  } catch (error) {
    if (error instanceof UnsupportedGraphError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
