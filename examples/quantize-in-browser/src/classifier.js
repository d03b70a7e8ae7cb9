// From a float network to an integer one in any weight format, and its answers from WebAssembly. Runs in browsers and in Node.
import { loadWasmModel } from '@bitnetmcu/mcu-runtime';
import { classOf, decodeTrainedNetwork, quantizeInput, summarizeModel } from '@bitnetmcu/models';
import {
  bitsPerWeight,
  clippingPolicy,
  codeStatistics,
  FORMAT_NAMES,
  getFormat,
  inverseScalesFromClips,
  quantizeWeights,
  updateClips,
} from '@bitnetmcu/quant';

/** Formats that the page offers, coarse to fine. */
export const FORMATS = [...FORMAT_NAMES].sort((a, b) => bitsPerWeight(a) - bitsPerWeight(b));

/** @param {ArrayBuffer | Uint8Array} bytes a .bnt file */
export function readNetwork(bytes) {
  return decodeTrainedNetwork(new Uint8Array(bytes));
}

/**
 * Rounds the float weights to a format after training: clipping by OCTAV, one scale a tensor.
 * Scales vanish, because the integer network is scale-free; between linear layers a ShiftNorm takes ReLU and norm together.
 */
export function quantizeNetwork({ spec, parameters, labels }, format) {
  const octav = clippingPolicy({ method: 'octav' });
  const layers = spec.layers.filter((layer) => layer.type === 'linear');
  let previous = 'input';
  let inFeatures = spec.input.shape[0];
  const nodes = [];
  const entropies = [];
  layers.forEach((layer, i) => {
    const weights = parameters[`${layer.name}.weight`];
    const clips = updateClips(format, weights, octav);
    const { codes } = quantizeWeights(format, weights, {
      inverseScales: inverseScalesFromClips(getFormat(format), clips),
    });
    entropies.push(codeStatistics(format, codes).entropy);
    nodes.push({
      op: 'linear',
      name: layer.name,
      inputs: [previous],
      inFeatures,
      outFeatures: layer.outputs,
      weights: { format, codes },
    });
    previous = layer.name;
    inFeatures = layer.outputs;
    if (i === layers.length - 1) return;
    nodes.push({ op: 'shiftNorm', name: `${layer.name}_norm`, inputs: [previous], activation: 'relu' });
    previous = `${layer.name}_norm`;
  });
  const input = { shape: spec.input.shape, preprocessing: spec.input.preprocessing, quantization: { kind: 'dynamic' } };
  const model = { name: `${spec.name}-${format}`, input, nodes, labels, provenance: {} };
  return { model, bytes: summarizeModel(model).total.bytes, entropies };
}

/** Loads an integer network into WebAssembly; `classify` takes 256 grey values, white ink on black. */
export async function loadClassifier(model) {
  const loaded = await loadWasmModel(model);
  return {
    classify(pixels) {
      const started = performance.now();
      const logits = loaded.infer(quantizeInput(model, pixels), 1);
      return { logits, winner: classOf(logits), milliseconds: performance.now() - started };
    },
    close: () => loaded.close(),
  };
}
