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

/** x and out are channel-major. */
export function conv2d(plan: Conv2dPlan, x: Int32Array, out: Int32Array): void {
  const { inChannels, outChannels, groups, kernel, stride, padding } = plan.node;
  const { outputShifts, bias } = plan.node.weights;
  const groupInputs = inChannels / groups;
  const groupOutputs = outChannels / groups;
  const inMap = plan.inHeight * plan.inWidth;
  const outMap = plan.outHeight * plan.outWidth;
  const taps = kernel[0] * kernel[1];
  const plain3x3 = [...kernel, ...stride, ...padding].join() === '3,3,1,1,0,0';
  out.fill(0);
  for (let o = 0, k = 0; o < outChannels; o++) {
    const firstInput = Math.floor(o / groupOutputs) * groupInputs;
    for (let i = 0; i < groupInputs; i++, k += taps) {
      if (plain3x3) addKernel3x3(plan, k, x, (firstInput + i) * inMap, out, o * outMap);
      else addKernel(plan, k, x, (firstInput + i) * inMap, out, o * outMap);
    }
    const shift = outputShifts?.[o] ?? 0;
    const offset = bias?.[o] ?? 0;
    if (shift !== 0 || offset !== 0) {
      for (let p = o * outMap; p < (o + 1) * outMap; p++) out[p] = ((out[p]! << shift) + offset) | 0;
    }
  }
}

/** Adds one kernel's correlation with one map, a tap on the whole map at a time, so that the inner loop runs along a row. */
function addKernel(
  plan: Conv2dPlan,
  k: number,
  input: Int32Array,
  inStart: number,
  out: Int32Array,
  outStart: number,
): void {
  const [rows, columns] = plan.node.kernel;
  for (let ky = 0; ky < rows; ky++) {
    for (let kx = 0; kx < columns; kx++, k++) addTap(plan, plan.weights[k]!, ky, kx, input, inStart, out, outStart);
  }
}

/** The usual case, stride 1 without padding, with the kernel in nine variables. */
function addKernel3x3(
  plan: Conv2dPlan,
  k: number,
  x: Int32Array,
  inStart: number,
  out: Int32Array,
  outStart: number,
): void {
  const { weights, inWidth, outHeight, outWidth } = plan;
  const [w0, w1, w2] = [weights[k]!, weights[k + 1]!, weights[k + 2]!];
  const [w3, w4, w5] = [weights[k + 3]!, weights[k + 4]!, weights[k + 5]!];
  const [w6, w7, w8] = [weights[k + 6]!, weights[k + 7]!, weights[k + 8]!];
  for (let oy = 0, p = outStart; oy < outHeight; oy++) {
    let a = inStart + oy * inWidth;
    let b = a + inWidth;
    let c = b + inWidth;
    for (let ox = 0; ox < outWidth; ox++, p++, a++, b++, c++) {
      const top = (Math.imul(w0, x[a]!) + Math.imul(w1, x[a + 1]!) + Math.imul(w2, x[a + 2]!)) | 0;
      const middle = (Math.imul(w3, x[b]!) + Math.imul(w4, x[b + 1]!) + Math.imul(w5, x[b + 2]!)) | 0;
      const bottom = (Math.imul(w6, x[c]!) + Math.imul(w7, x[c + 1]!) + Math.imul(w8, x[c + 2]!)) | 0;
      out[p] = (out[p]! + top + middle + bottom) | 0;
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
  const [paddingY, paddingX] = padding;
  const firstX = Math.max(0, Math.ceil((paddingX - kx) / strideX));
  const endX = Math.min(outWidth, Math.floor((inWidth - 1 + paddingX - kx) / strideX) + 1);
  for (let oy = 0; oy < outHeight; oy++) {
    const iy = oy * strideY + ky - paddingY;
    if (iy < 0 || iy >= inHeight) continue;
    let i = inStart + iy * inWidth + firstX * strideX + kx - paddingX;
    const end = outStart + oy * outWidth + endX;
    for (let p = outStart + oy * outWidth + firstX; p < end; p++, i += strideX) {
      out[p] = (out[p]! + Math.imul(weight, input[i]!)) | 0;
    }
  }
}
