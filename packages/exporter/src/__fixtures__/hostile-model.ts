// A network whose every text tries to get out of where it is written: the marker must never be anything but text there.
import type { QuantizedModel } from '@bitnetmcu/models';

/** Appears in every text of the model. */
export const MARKER = 'EVIL';

/** The proof by which a model file once ran a program. */
const PROOF = `*\\int(system)();__attribute__((constructor))void(p)(){system("id>/tmp/${MARKER}");}\\*`;

/** Ends comments, strings, lines, elements, fences, quotes; orders terminals about; hides itself. */
export const HOSTILE = [
  PROOF,
  `"; int ${MARKER}; //`,
  `*/ int ${MARKER}; /*`,
  `*??/\n/ int ${MARKER}; /*`,
  `\\\n#error ${MARKER}`,
  `x\r\n#define ${MARKER}\n`,
  `</text><script>${MARKER}</script>&${MARKER};]]>`,
  `$(touch ${MARKER}) \`touch ${MARKER}\` \${${MARKER}} '; touch ${MARKER}; '`,
  `\n\n# ${MARKER}\n[${MARKER}](javascript:${MARKER}) |\n\`\`\`\n`,
  `\u001b]0;${MARKER}\u0007\u001b[2J\u009b31m\u202e${MARKER}\u2066\u200b\ufeff\u{e0041}\ud800`,
  `%s%n ${MARKER} \u0000\u0001\u007f ä 模`,
];

/** Allowed as names of layers, and taken in C, by the runtime or by each other. */
const LAYER_NAMES = ['bnm_conv_norm', 'int', 'main', 'Main', 'NULL', 'main_out', 'main-out', 'logits', 'ram', 'channel', 'bnm.argmax', 'L1'];

/** `model` with the same integers, and nothing but hostile text. Its name is up to the caller: the schema allows little there. */
export function hostileModel(model: QuantizedModel, name = model.name): QuantizedModel {
  const names = new Map(model.nodes.map((node, i) => [node.name, LAYER_NAMES[i] ?? `${LAYER_NAMES[i % 12]}.${i}`]));
  const rename = (old: string) => names.get(old) ?? old;
  const last = model.nodes[model.nodes.length - 1]!;
  const classes = last.op === 'linear' ? last.outFeatures : 10;
  const text = (i: number) => `${HOSTILE[i % HOSTILE.length]}`;
  const nested = { [text(0)]: [text(1), { [text(2)]: text(3) }], data: { kind: text(4), path: text(5) } };
  const { raw } = model.input;
  const features = raw?.features.map((feature, i) => ({ ...feature, name: text(i + 1), unit: text(i + 2).slice(0, 50) }));
  return {
    ...model,
    input: raw && features ? { ...model.input, raw: { ...raw, features } } : model.input,
    name,
    nodes: model.nodes.map((node) => ({ ...node, name: rename(node.name), inputs: node.inputs.map(rename) })),
    labels: Array.from({ length: classes }, (_, i) => text(i)),
    provenance: {
      ...{ title: text(9), tool: text(0), created: text(1), dataset: PROOF, datasetSha256: text(3), config: nested, seed: 1 },
      metrics: Object.fromEntries(HOSTILE.map((name, i) => [name, i / 16])),
    },
  };
}
