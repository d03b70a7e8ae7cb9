// Integer convolution (cross-correlation), the specification: zero padding, groups, int32 accumulators.
import type { Conv2dNode, Shape } from '../quantized-model.js';

/** The loop bounds of one convolution, worked out once. */
export interface Conv2dPlan {
  readonly node: Conv2dNode;
  readonly weights: Int16Array;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

export function planConv2d(node: Conv2dNode, weights: Int16Array, input: Shape, output: Shape): Conv2dPlan {
  const [, inHeight, inWidth] = input as readonly [number, number, number];
  const [, outHeight, outWidth] = output as readonly [number, number, number];
  return { node, weights, inHeight, inWidth, outHeight, outWidth };
}

/** x and out are channel-major. One tap is added to a whole map at a time, so that the inner loop runs along a row. */
export function conv2d(plan: Conv2dPlan, x: Int32Array, out: Int32Array): void {
  const { inChannels, outChannels, groups, kernel } = plan.node;
  const { outputShifts, bias } = plan.node.weights;
  const groupInputs = inChannels / groups;
  const groupOutputs = outChannels / groups;
  const inMap = plan.inHeight * plan.inWidth;
  const outMap = plan.outHeight * plan.outWidth;
  out.fill(0);
  for (let o = 0, k = 0; o < outChannels; o++) {
    const firstInput = Math.floor(o / groupOutputs) * groupInputs;
    for (let i = 0; i < groupInputs; i++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        for (let kx = 0; kx < kernel[1]; kx++, k++) {
          addTap(plan, plan.weights[k]!, ky, kx, x, (firstInput + i) * inMap, out, o * outMap);
        }
      }
    }
    const shift = outputShifts?.[o] ?? 0;
    const offset = bias?.[o] ?? 0;
    if (shift !== 0 || offset !== 0) {
      for (let p = o * outMap; p < (o + 1) * outMap; p++) out[p] = ((out[p]! << shift) + offset) | 0;
    }
  }
}

/** out[y, x] += weight · in[y·stride + ky − padding, x·stride + kx − padding], where that lies inside the input. */
function addTap(
  plan: Conv2dPlan,
  weight: number,
  ky: number,
  kx: number,
  input: Int32Array,
  inStart: number,
  out: Int32Array,
  outStart: number,
): void {
  const { inHeight, inWidth, outHeight, outWidth } = plan;
  const { stride, padding } = plan.node;
  const [strideY, strideX] = stride;
  const firstX = Math.max(0, Math.ceil((padding - kx) / strideX));
  const endX = Math.min(outWidth, Math.floor((inWidth - 1 + padding - kx) / strideX) + 1);
  for (let oy = 0; oy < outHeight; oy++) {
    const iy = oy * strideY + ky - padding;
    if (iy < 0 || iy >= inHeight) continue;
    let i = inStart + iy * inWidth + firstX * strideX + kx - padding;
    const end = outStart + oy * outWidth + endX;
    for (let p = outStart + oy * outWidth + firstX; p < end; p++, i += strideX) {
      out[p] = (out[p]! + Math.imul(weight, input[i]!)) | 0;
    }
  }
}
