// What became of the layers of an imported graph, as a table.
import type { QuantizationReport } from '@bitnetmcu/exporter';
import type { QuantizedModel } from '@bitnetmcu/models';
import { renderTable } from './table.js';

/** One row a layer with weights; undefined for a model that came with its codes (a BitNetMCU header). */
export function layerTable(
  model: QuantizedModel,
  report: QuantizationReport | undefined,
  fineTuned: boolean,
): string | undefined {
  const columns = [{ title: 'layer' }, { title: 'operation' }, { title: 'format' }, { title: 'weights' }];
  if (fineTuned) {
    const weighted = model.nodes.filter((node) => node.op === 'linear' || node.op === 'conv2d');
    return renderTable(
      columns,
      weighted.map(({ name, op, weights }) => [name, op, weights.format, 'fine-tuned']),
    );
  }
  if (report === undefined || report.layers.length === 0) return undefined;
  return renderTable(
    [...columns, { title: 'ONNX nodes' }],
    report.layers.map(({ layer, op, format, gridDetected, nodes }) => [
      layer,
      op,
      format,
      gridDetected ? 'codes kept' : 'quantized',
      nodes.join(' '),
    ]),
  );
}
