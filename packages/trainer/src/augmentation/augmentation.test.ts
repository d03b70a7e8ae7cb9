import { beforeAll, describe, expect, it } from 'vitest';
import { resizeImages } from '../data/resize.js';
import type { Samples } from '../engine/engine.js';
import type { EngineKernels } from '../engine/kernels.js';
import { loadKernels } from '../engine/load-kernels.js';
import { Random } from '../random.js';
import { deformationRandom, drawDisplacement, drawMatrix } from './draw.js';
import { augmentedSamples, toShared } from './epoch-samples.js';
import { makeRenderer, type RenderPlan } from './render.js';
import { augmentationSchema } from './spec.js';

const SIDE = 28;
const spec = augmentationSchema.parse({ shear: 8, anisotropy: 0.08, elastic: { amplitude: 0.7 } });

/** Smooth blobs, so that rounding of coordinates cannot change a pixel by much. */
function blobs(count: number): Uint8Array {
  const random = new Random(3);
  const bytes = new Uint8Array(count * SIDE * SIDE);
  for (let image = 0; image < count; image++) {
    const [cx, cy] = [random.nextBetween(8, 20), random.nextBetween(8, 20)];
    for (let i = 0; i < SIDE * SIDE; i++) {
      bytes[image * SIDE * SIDE + i] =
        255 * Math.exp(-(((i % SIDE) - cx) ** 2 + (Math.floor(i / SIDE) - cy) ** 2) / 30);
    }
  }
  return bytes;
}

const images = blobs(600);
const source = { bytes: toShared(images), channels: 1, height: SIDE, width: SIDE };
const plan: RenderPlan = { spec, seed: 11, source, count: 600, height: 16, width: 16 };

/** The deformation of one image pixel by pixel in double precision. */
function deform(image: number, epoch: number, copy: number): Uint8Array {
  const random = deformationRandom(plan.seed, epoch, copy, image);
  const m = new Float32Array(6);
  drawMatrix(spec, [SIDE, SIDE], random, m, 0);
  const { grid: points } = spec.elastic!;
  const grid = new Float32Array(points * points * 2);
  drawDisplacement(spec.elastic!, random, grid, 0);
  const pixel = (x: number, y: number) =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : images[(image * SIDE + y) * SIDE + x]!;
  const mix = (a: number, b: number, share: number) => a + (b - a) * share;
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const [gx, gy] = [(x / (SIDE - 1)) * (points - 1), (y / (SIDE - 1)) * (points - 1)];
    const [cx, cy] = [Math.min(points - 2, Math.floor(gx)), Math.min(points - 2, Math.floor(gy))];
    const offset = (axis: number) => {
      const at = (row: number, column: number) => grid[(row * points + column) * 2 + axis]!;
      return mix(mix(at(cy, cx), at(cy, cx + 1), gx - cx), mix(at(cy + 1, cx), at(cy + 1, cx + 1), gx - cx), gy - cy);
    };
    const sx = m[0]! * x + m[1]! * y + m[2]! + offset(0);
    const sy = m[3]! * x + m[4]! * y + m[5]! + offset(1);
    const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
    const top = mix(pixel(x0, y0), pixel(x0 + 1, y0), sx - x0);
    const bottom = mix(pixel(x0, y0 + 1), pixel(x0 + 1, y0 + 1), sx - x0);
    return Math.floor(mix(top, bottom, sy - y0) + 0.5);
  });
}

describe('drawMatrix', () => {
  const none = { rotation: 0, translation: 0, scale: [1, 1] as [number, number] };
  const draw = (options: object, seed = 1) => {
    const matrix = new Float32Array(6);
    drawMatrix(augmentationSchema.parse({ ...none, ...options }), [28, 20], new Random(seed), matrix, 0);
    return matrix;
  };

  it('is the identity when nothing is asked for', () => {
    expect([...draw({})]).toEqual([1, 0, 0, 0, 1, 0].map((value) => expect.closeTo(value, 6)));
  });

  it('keeps the centre of a scaled, sheared and rotated image in place', () => {
    for (let seed = 0; seed < 50; seed++) {
      const [xx, xy, x0, yx, yy, y0] = draw(
        { rotation: 30, scale: [0.5, 2], shear: 20, anisotropy: 0.3 },
        seed,
      ) as never as number[];
      expect(xx! * 9.5 + xy! * 13.5 + x0!).toBeCloseTo(9.5, 4);
      expect(yx! * 9.5 + yy! * 13.5 + y0!).toBeCloseTo(13.5, 4);
    }
  });

  it('mirrors left to right: the share of the images that is asked for', () => {
    expect([...draw({ flip: 1 })]).toEqual([-1, 0, 19, 0, 1, 0].map((value) => expect.closeTo(value, 6)));
    let mirrored = 0;
    for (let seed = 0; seed < 2000; seed++) if (draw({ rotation: 30, flip: 0.25 }, seed)[0]! < 0) mirrored++;
    // Binomial: 500 of 2000, standard deviation 19.
    expect(Math.abs(mirrored - 500)).toBeLessThan(90);
  });

  it('doubles: output pixels are half as far from the centre in the source', () => {
    const [xx, xy, , yx, yy] = draw({ scale: [2, 2] }) as never as number[];
    expect([xx, xy, yx, yy]).toEqual([0.5, 0, 0, 0.5].map((value) => expect.closeTo(value, 6)));
  });

  it('draws within the limits: translations uniform, two rotations up to twice the angle', () => {
    const shifts: number[] = [];
    let largest = 0;
    for (let seed = 0; seed < 2000; seed++) {
      shifts.push(draw({ translation: 0.1 }, seed)[2]!);
      const matrix = draw({ rotation: 10, rotations: 2 }, seed);
      largest = Math.max(largest, (Math.abs(Math.atan2(matrix[3]!, matrix[0]!)) * 180) / Math.PI);
    }
    expect(Math.max(...shifts)).toBeLessThanOrEqual(2);
    expect(Math.max(...shifts)).toBeGreaterThan(1.95);
    expect(Math.min(...shifts)).toBeLessThan(-1.95);
    // The mean of 2000 numbers of standard deviation 2/√3 has one of 0.026.
    expect(Math.abs(shifts.reduce((a, b) => a + b) / 2000)).toBeLessThan(0.1);
    expect(largest).toBeGreaterThan(17);
    expect(largest).toBeLessThanOrEqual(20);
  });
});

describe('rendering', () => {
  let kernels: EngineKernels;
  beforeAll(async () => {
    kernels = await loadKernels();
  });

  it('deforms and resizes as a plain implementation does', () => {
    const rendered = new Uint8Array(600 * 256);
    makeRenderer(kernels, plan)(4, rendered);
    let off = 0;
    for (const image of [0, 1, 255, 256, 599]) {
      const expected = resizeImages(deform(image, 4, 0), [SIDE, SIDE], [16, 16]);
      const found = rendered.subarray(image * 256, (image + 1) * 256);
      expected.forEach((value, i) => {
        const difference = Math.abs(value - found[i]!);
        expect(difference).toBeLessThanOrEqual(1);
        off += difference;
      });
    }
    // Single precision rounds a few pixels the other way.
    expect(off).toBeLessThan(0.02 * 5 * 256);
  });

  it('gives every epoch and copy images of its own, and the same again for the same seed', () => {
    const render = makeRenderer(kernels, { ...plan, spec: { ...spec, copies: 2 } });
    const [a, b, again] = [0, 1, 0].map((epoch) => {
      const bytes = new Uint8Array(2 * 600 * 256);
      render(epoch, bytes);
      return bytes;
    });
    expect(again).toEqual(a);
    expect(b).not.toEqual(a);
    expect(a!.subarray(0, 600 * 256)).not.toEqual(a!.subarray(600 * 256));
  });
});

describe('augmentedSamples', () => {
  const plain: Samples = {
    count: 600,
    bytes: resizeImages(images, [SIDE, SIDE], [16, 16]),
    labels: Uint16Array.from({ length: 600 }, (_, i) => i % 10),
  };

  it('has plain and augmented images in every epoch, rendered by the worker to the same bytes as here', async () => {
    const samples = augmentedSamples(plain, plan, 5, 'auto');
    try {
      const render = makeRenderer(await loadKernels(), plan);
      // As after an interruption: not from the first epoch on.
      for (const epoch of [2, 3, 4]) {
        const { count, bytes, labels } = await samples.take(epoch);
        expect([count, labels[1], labels[601]]).toEqual([1200, 1, 1]);
        expect(Buffer.compare(bytes.subarray(0, plain.bytes.length), plain.bytes)).toBe(0);
        const expected = new Uint8Array(plain.bytes.length);
        render(epoch, expected);
        expect(Buffer.compare(bytes.subarray(plain.bytes.length), expected)).toBe(0);
      }
    } finally {
      await samples.close();
    }
  });

  it('leaves the plain images out where asked', async () => {
    const samples = augmentedSamples(plain, { ...plan, spec: { ...spec, plain: 0, copies: 2 } }, 1, 'wasm');
    const { count, bytes, labels } = await samples.take(0);
    await samples.close();
    expect([count, bytes.length, labels.length]).toEqual([1200, 1200 * 256, 1200]);
    expect(Buffer.compare(bytes.subarray(0, plain.bytes.length), plain.bytes)).not.toBe(0);
  });

  it('reports a worker that fails, also to those who ask later', async () => {
    const broken = { ...plan, source: { ...source, bytes: toShared(images.subarray(0, 1000)) } };
    const samples = augmentedSamples(plain, broken, 3, 'auto');
    await expect(samples.take(0)).rejects.toMatchObject({ code: 'worker-failed' });
    await expect(samples.take(1)).rejects.toMatchObject({ code: 'worker-failed' });
    await samples.close();
  });
});
