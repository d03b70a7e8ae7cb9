// QuantizedModel → one readable C file pair that runs it with the runtime's kernels.

import type { LayoutName } from '@bitnetmcu/mcu-runtime';
import { getLayout, type KernelStep, lowerModel, type Program, planBuffers } from '@bitnetmcu/mcu-runtime/internal';
import { proveAccumulatorBounds, type QuantizedModel } from '@bitnetmcu/models';
import { type Task, taskOf } from '@bitnetmcu/models/internal';
import { BufferPointers } from './buffers.js';
import { CNames } from './c-names.js';
import { chooseKernels } from './choose-kernels.js';
import { exportName } from './export-name.js';
import { exportSizes, kernelSteps } from './export-sizes.js';
import type { Assembly, ExportTargetName } from './export-targets.js';
import { type ExportSizes, headComment } from './head-comment.js';
import { headerSource } from './header-source.js';
import { identitySource, modelIdentity } from './identity.js';
import { inferSource } from './infer-function.js';
import { integerPreparation, preparationFunction } from './input-preparation.js';
import { outputParts } from './output/output-source.js';
import { type RawLayout, rawLayout, rawParts, refuseSoftFloat } from './raw-input/index.js';
import { RuntimeCalls, type RuntimeUse } from './runtime-calls.js';
import { stepStatements } from './step-statements.js';
import type { LayerSource } from './steps/c-step.js';
import { cStepOf } from './steps/index.js';
import { withoutText } from './without-text.js';

export interface ExportCOptions {
  /** Prefix of the files and functions: a C identifier; one that is taken (`main`, `stdint`) gets an `m_` in front. Default: the model's name, as one. */
  readonly name?: string;
  /** False: nothing of the model's text, neither names nor labels nor a comment at the top. Default true. */
  readonly text?: boolean;
  /** `fast`: weights laid out for the fast kernels of `target`. Default: `fast` where a target is named, else `plain`. */
  readonly kernels?: CKernels;
  /** The part that the code is for. The plain kernels are the same for all. */
  readonly target?: ExportTargetName;
  /** How weights are laid out for the fast kernels: that of a kernel variant of the target. Default: the target's fastest. */
  readonly layout?: LayoutName;
  /** Whether raw values of type f32 may be computed by the compiler's library on a target without a unit for floating point. Default false: refused. */
  readonly softFloat?: boolean;
}

/** `plain`: portable C, on any part. `fast`: those of a target, with assembly where it has any. */
export type CKernels = 'plain' | 'fast';

export interface ExportedFile {
  readonly path: string;
  readonly content: string;
  /** A start to go on from: writers leave it alone as soon as its user changed or removed it. */
  readonly yours?: true;
}

export interface CExport {
  /**
   * Prefix of the functions: `<name>_infer`, `<name>_classify`; where `prepares`, `<name>_prepare`; where there are raw values,
   * `<name>_classify_raw`, `<name>_infer_raw` and of signals `<name>_push`.
   */
  readonly name: string;
  /** `<name>.c` and `<name>.h`. They include the runtime's `bnm.h`. */
  readonly files: readonly ExportedFile[];
  readonly sizes: ExportSizes;
  /** Whether there is an integer function from uint8 pixels to the int8 input: only where it is exact. */
  readonly prepares: boolean;
  /** How raw values lie in C; absent of models that say nothing of them. */
  readonly raw?: RawLayout | undefined;
  /** What the answers are. */
  readonly task: Task;
  /** Names of the classes; none without text. */
  readonly labels: readonly string[];
  /** How the weights are laid out, and so which kernels are called. */
  readonly layout: LayoutName;
  /** Assembly of these kernels, besides their C. */
  readonly assembly: readonly Assembly[];
  /** What of the C runtime the model calls and includes; `exportFolder` puts its files beside the model. */
  readonly runtime: RuntimeUse;
}

/**
 * Writes a model as C99 source: constant tables, static buffers, and a function of straight-line calls of runtime kernels.
 * @throws ExporterError `name` where the name is no C identifier; `unknown-target`; `no-target` for fast kernels of no target; `no-kernels` where the target has no fast ones, or none for the layout, or plain kernels do not read it; `invalid-option` for kernels or a layout that there are none of; `soft-float`; ModelError where the model is wrong or an accumulator can leave int32 (`accumulator-overflow`); RuntimeError `model-too-large`.
 *
 * @example
 * ```ts
 * import { exportC } from '@bitnetmcu/exporter';
 *
 * const { files } = exportC(model, { target: 'ch32v003' });
 * for (const { path, content } of files) console.log(path, content.length);
 * ```
 */
export function exportC(source: QuantizedModel, options: ExportCOptions = {}): CExport {
  const hasText = options.text ?? true;
  const model = hasText ? source : withoutText(source);
  const name = exportName(model, options.name);
  refuseSoftFloat(model, options.target, options.softFloat ?? false);
  proveAccumulatorBounds(model);
  const { layout, assembly } = chooseKernels(options);
  const program = lowerModel(model, getLayout(layout), { everyTensor: false });
  const names = new CNames();
  const buffers = new BufferPointers(program, planBuffers(program, 4), names);
  const runtime = new RuntimeCalls();
  const layers = describeLayers(program, model, names, runtime);
  const steps = program.steps.map((step) => stepStatements(step, { buffers, layers, runtime }));
  const preparation = integerPreparation(model.input);
  const costs = exportSizes(model, program, buffers.ramBytes);
  runtime.memory.note('infer', buffers.storageBytes);
  const tables = [...layers.values()].flatMap((layer) => layer.tables).join('\n');
  const raw = rawParts(model, name, costs, preparation !== undefined, runtime);
  const answers = outputParts(model, name, costs, raw.values, runtime);
  const sizes = { ...costs, staticBytes: runtime.memory.bytesOf(name) };
  const { memory, declarations } = buffers;
  const reentrant = answers?.reentrant ?? true;
  const decision = answers?.decision ?? classDecision(sizes.outputs, runtime);
  const infer = inferSource(name, { memory, declarations, steps, decision, reentrant });
  const parts = [
    hasText ? headComment(model, sizes) : '',
    `#include "${name}.h"\n\n${runtime.use.headers.map((header) => `#include "${header}"\n`).join('')}`,
    tables,
    answers?.before ?? '',
    infer,
    answers ? '' : classifyFunction(name, sizes.outputs),
    preparation ? preparationFunction(name, sizes.inputs, preparation) : '',
    raw.source,
    answers?.source ?? '',
    identitySource(name),
  ];
  return {
    name,
    files: [
      { path: `${name}.c`, content: parts.filter((part) => part !== '').join('\n') },
      {
        path: `${name}.h`,
        content: headerSource(name, model, sizes, {
          memory,
          identity: modelIdentity(source),
          prepares: preparation !== undefined,
          raw,
          answers,
        }),
      },
    ],
    sizes,
    prepares: preparation !== undefined,
    raw: rawLayout(model),
    task: taskOf(model),
    labels: model.labels,
    layout,
    assembly,
    runtime: runtime.use,
  };
}

/** The tables of all steps that have any; nodes get their identifiers here, in the order of the steps. */
function describeLayers(
  program: Program,
  model: QuantizedModel,
  names: CNames,
  runtime: RuntimeCalls,
): Map<KernelStep, LayerSource> {
  const nodes = new Map(model.nodes.flatMap((node) => ('weights' in node ? [[node.name, node] as const] : [])));
  const site = {
    identifier: (name: string) => names.of(name),
    weightedNode: (name: string) => nodes.get(name)!,
    runtime,
  };
  return new Map(
    kernelSteps(program).flatMap((step) => {
      const definition = cStepOf(step);
      return 'layer' in definition ? [[step, definition.layer(step, site)] as const] : [];
    }),
  );
}

/** Of models that tell classes. */
function classDecision(outputs: number, runtime: RuntimeCalls): string {
  return outputs === 1 ? 'logits[0] > 0;' : `(int)${runtime.call('argmax', 'logits', outputs)}`;
}

function classifyFunction(name: string, outputs: number): string {
  return `int ${name}_classify(const int8_t *input)
{
  int32_t logits[${outputs}];
  return ${name}_infer(input, logits);
}
`;
}
