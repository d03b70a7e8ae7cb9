// `bitnetmcu inspect`: the layers of a model, checkpoint, preset or network file, with costs, entropies and proven bounds.
import { existsSync } from 'node:fs';
import {
  buildPreset,
  type LayerSummary,
  type NetworkSpec,
  type NetworkSummary,
  PRESET_NAMES,
  proveAccumulatorBounds,
  type QuantizedModel,
  summarizeModel,
  summarizeSpec,
} from '@bitnetmcu/models';
import { formatShape, visibleText } from '@bitnetmcu/models/internal';
import { readNetworkSpecFile } from '@bitnetmcu/models/node';
import { codeStatistics } from '@bitnetmcu/quant';
import { type CommandContext, newCommand } from '../command.js';
import { quantizeTrained } from '../inputs/calibration.js';
import { isZooModel, MODEL_ARGUMENT, type ModelFile, readModelFile } from '../inputs/model.js';
import { addTrustFlag, type DataTrust } from '../inputs/model-data.js';
import { bytes, count, percent } from '../render/quantities.js';
import { type Column, renderTable } from '../render/table.js';

/** What is known of one layer of an integer network besides its costs. */
interface Inspected extends LayerSummary {
  /** Shannon entropy of the weight codes in bits, and its share of the bits that are stored. */
  readonly entropy?: number;
  readonly capacityUsed?: number;
  /** Proven bounds of everything the accumulator can hold, for every possible input. */
  readonly accumulator?: { readonly min: number; readonly max: number };
}

const COLUMNS: readonly Column[] = [
  { title: 'layer' },
  { title: 'operation' },
  { title: 'output', align: 'right' },
  { title: 'format' },
  { title: 'weights', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'entropy', align: 'right' },
  { title: 'used', align: 'right' },
  { title: 'accumulator', align: 'right' },
];

export function inspectCommand({ terminal }: CommandContext) {
  const command = newCommand(
    'inspect',
    'Shows the layers of a network: formats, bytes, entropies, proven bounds, RAM.',
  ).argument('<what>', `${MODEL_ARGUMENT}, a network spec (.json), or the name of a preset`);
  addTrustFlag(command);
  command.addHelpText(
    'after',
    `
Columns
  entropy      of the weight codes in bits a weight: what an ideal entropy coder would need
  used         entropy as a share of the bits that are stored
  accumulator  proven bounds for every possible input; int32 must hold them

Presets: ${PRESET_NAMES.join(', ')}`,
  );
  return command.action(async (what: string, given: DataTrust) => {
    if (!isZooModel(what) && !existsSync(what) && !/[./\\]/.test(what)) return showSpec(buildPreset(what), 'preset');
    if (what.endsWith('.json')) return showSpec(readNetworkSpecFile(what), 'network spec');
    const file = await readModelFile(what);
    return showModel(
      file.kind === 'quantized' ? file.model : (await quantizeTrained(file.network, terminal, given)).model,
      file,
    );
  });

  function showSpec(spec: NetworkSpec, source: string): void {
    const summary = summarizeSpec(spec);
    terminal.printJson({
      source,
      name: summary.name,
      input: summary.inputShape,
      layers: summary.layers,
      total: summary.total,
    });
    show(summary, summary.layers, source);
    if (spec.description !== undefined) terminal.print(spec.description);
  }

  function showModel(model: QuantizedModel, file: ModelFile): void {
    const summary = summarizeModel(model);
    const bounds = new Map(proveAccumulatorBounds(model).map((node) => [node.name, node.accumulator]));
    const nodes = new Map(model.nodes.map((node) => [node.name, node]));
    const layers = summary.layers.map((layer): Inspected => {
      const node = nodes.get(layer.name)!;
      const accumulator = bounds.get(layer.name)!;
      if (node.op !== 'linear' && node.op !== 'conv2d') return { ...layer, accumulator };
      const { entropy, capacityUsed } = codeStatistics(node.weights.format, node.weights.codes);
      return { ...layer, entropy, capacityUsed, accumulator };
    });
    const { provenance, labels, input } = model;
    terminal.printJson({
      source: file.source,
      name: summary.name,
      input: { shape: input.shape, preprocessing: input.preprocessing, quantization: input.quantization },
      labels,
      layers,
      total: summary.total,
      provenance,
    });
    show(summary, layers, file.source);
    if (provenance.title !== undefined) terminal.print(`${'title'.padEnd(20)} ${visibleText(provenance.title)}`);
    for (const [name, value] of Object.entries(provenance.metrics ?? {}))
      terminal.print(`${visibleText(name).padEnd(20)} ${Number(value.toPrecision(6))}`);
    const origin = [
      provenance.tool,
      provenance.created,
      provenance.dataset === undefined ? undefined : `data set ${provenance.dataset}`,
      provenance.seed === undefined ? undefined : `seed ${provenance.seed}`,
    ].filter((part) => part !== undefined);
    if (origin.length > 0) terminal.print(terminal.colors.dim(`made by ${visibleText(origin.join(', '))}`));
  }

  function show({ name, inputShape, total }: NetworkSummary, layers: readonly Inspected[], source: string): void {
    const shown = (value: number): string => (value === 0 ? '' : count(value));
    const rows = layers.map((layer) => [
      layer.name,
      layer.operation,
      formatShape(layer.outputShape),
      layer.format === undefined ? '' : `${layer.format} (${layer.bits} bit)`,
      shown(layer.parameters),
      shown(layer.bytes),
      shown(layer.macs),
      layer.entropy === undefined ? '' : layer.entropy.toFixed(2),
      layer.capacityUsed === undefined ? '' : percent(layer.capacityUsed),
      layer.accumulator === undefined ? '' : `${count(layer.accumulator.min)} … ${count(layer.accumulator.max)}`,
    ]);
    rows.push(['total', '', '', '', count(total.parameters), count(total.bytes), count(total.macs)]);
    // Columns that nothing fills (a spec has no weights yet) are left out.
    const used = COLUMNS.map((_, i) => rows.some((row) => (row[i] ?? '') !== ''));
    terminal.print(
      `${terminal.colors.bold(name)} ${terminal.colors.dim(`(${source})`)}, input ${formatShape(inputShape)}\n`,
    );
    terminal.print(
      renderTable(
        COLUMNS.filter((_, i) => used[i]),
        rows.map((row) => row.filter((_, i) => used[i])),
      ),
    );
    terminal.print(
      `\n${bytes(total.bytes)} of weights, ${bytes(total.ramBytes)} of RAM for activations, ${count(total.macs)} multiply-accumulates\n`,
    );
  }
}
