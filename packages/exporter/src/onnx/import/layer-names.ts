// Names of layers from names in ONNX files: `conv1` from conv1.weight, /conv1/Conv or conv1.weight_quantized, else by kind and number.
import type { OnnxNode } from '../ir/graph.js';

const MAX_LENGTH = 48;

/** Hands out unique layer names. */
export class LayerNames {
  private readonly taken = new Set(['input']);
  private readonly counts = new Map<string, number>();

  /** The name that the model's author gave to a weighted layer, or kind and number. */
  forWeights(kind: string, node: OnnxNode, weightName: string): string {
    const parameter = /^(.+?)[./](?:parametrizations[./])?(?:weight|kernel)/.exec(weightName)?.[1];
    const given = clean(parameter ?? modulePath(node.name));
    if (given === '') return this.numbered(kind);
    return this.unique(/^[A-Za-z]/.test(given) ? given : `layer${given}`);
  }

  /** `<kind><number>`. */
  numbered(kind: string): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return this.unique(`${kind}${count}`);
  }

  /** The name itself, or with a number behind it. */
  unique(name: string): string {
    const short = name.slice(0, MAX_LENGTH);
    let candidate = short;
    for (let n = 2; this.taken.has(candidate); n++) candidate = `${short}_${n}`;
    this.taken.add(candidate);
    return candidate;
  }
}

/** `/stem/stem.0/Conv` → `stem.0`: TorchScript repeats the modules around a module in its name. */
function modulePath(nodeName: string): string {
  const modules = nodeName.split('/').slice(0, -1);
  return modules.filter((module, k) => module !== '' && !modules[k + 1]?.startsWith(`${module}.`)).join('.');
}

function clean(name: string): string {
  return name
    .replaceAll(/[/:]+/g, '.')
    .replaceAll(/[^A-Za-z0-9_.-]/g, '_')
    .replace(/^[._-]+|[._-]+$/g, '');
}
