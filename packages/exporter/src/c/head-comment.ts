// The comment at the top of an exported model: what it is, what it costs, how good it is and where it comes from.
import type { QuantizedModel } from '@bitnetmcu/models';
import { outputText } from '../output-text.js';
import { cComment } from './c-text.js';
import { memoryText } from './static-memory.js';

/** What a model costs on the device, besides the runtime's code. */
export interface ExportSizes {
  /** Const tables: packed weights, output shifts, biases. */
  readonly weightBytes: number;
  /** Static working memory of the network, without the caller's input and logits. */
  readonly ramBytes: number;
  /** All static memory by the function that needs it, that of the network as `<name>_infer`; linkers drop that of functions that nothing calls. */
  readonly staticBytes: Readonly<Record<string, number>>;
  /** Multiply-accumulates of one inference, at most: kernels may skip zeros. */
  readonly macs: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Longest text of the provenance that is shown. */
const TEXT_LENGTH = 2000;
/** Longest title of a row; names of metrics are titles. */
const TITLE_LENGTH = 32;
const SHOWN_METRICS = 50;

export function headComment(model: QuantizedModel, sizes: ExportSizes): string {
  const { provenance, input } = model;
  const { divisor, mean, deviation } = input.preprocessing;
  const rows: [string, string][] = [
    ['Weights', `${sizes.weightBytes} bytes of constant tables`],
    [
      'RAM',
      `${memoryText(sizes.staticBytes)}; and the caller's ${sizes.inputs} bytes of input and ${4 * sizes.outputs} of logits`,
    ],
    ['MACs', `${sizes.macs}`],
    [
      'Input',
      `${input.shape.join('x')} int8: v = (x / ${divisor} - ${mean}) / ${deviation}, then ${quantizationText(model)}`,
    ],
    ['Output', outputText(model, sizes.outputs)],
  ];
  const metrics = Object.entries(provenance.metrics ?? {});
  for (const [metric, value] of metrics.slice(0, SHOWN_METRICS)) rows.push([metric, `${value}`]);
  if (metrics.length > SHOWN_METRICS) rows.push(['...', `${metrics.length - SHOWN_METRICS} metrics more`]);
  const { title, tool, created, seed, dataset, datasetSha256, onnx, config } = provenance;
  const origin = {
    title,
    tool,
    created,
    seed,
    dataset,
    datasetSha256,
    onnx: onnx === undefined ? undefined : JSON.stringify(onnx),
    config: config === undefined ? undefined : JSON.stringify(config),
  };
  for (const [key, value] of Object.entries(origin)) {
    if (value === undefined) continue;
    const text = `${value}`;
    rows.push([
      key,
      text.length > TEXT_LENGTH ? `${text.slice(0, TEXT_LENGTH)} ... (${text.length} characters)` : text,
    ]);
  }
  // Cut before and after: what is made safe may be longer, and megabytes of it are not wanted.
  const safe = rows.map(
    ([title, text]) => [cComment(title.slice(0, TITLE_LENGTH)).slice(0, TITLE_LENGTH), cComment(text)] as const,
  );
  const width = Math.max(...safe.map(([title]) => title.length));
  const table = safe.flatMap(([title, text]) =>
    wrapped(text, 112 - width).map((line, i) => ` *   ${(i === 0 ? title : '').padEnd(width)}  ${line}`.trimEnd()),
  );
  return [
    '/*',
    ` * ${cComment(model.name)}: integer inference of a quantized neural network, in C99.`,
    ' *',
    ' * Written by @bitnetmcu/exporter from a trained model; change the model and export again, not this file.',
    ' *',
    ...table,
    ' */',
  ].join('\n');
}

function quantizationText({ input }: QuantizedModel): string {
  return input.quantization.kind === 'dynamic'
    ? 'round-half-even(v * 127 / max|v|)'
    : `round-half-even(v * ${input.quantization.scale}), clipped to int8`;
}

/** Lines of at most `width` characters, broken at spaces where there are any. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const cut = space > width / 2 ? space : width;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
