// The prebuilt kernel images by name, each loaded when it is wanted.
import { decodeKernelImage, type KernelImage } from './kernel-image.js';

const IMAGES = {
  'ch32v003-fast-flash': async () => (await import('./prebuilt/ch32v003-fast-flash.js')).CH32V003_FAST_FLASH_IMAGE,
  'ch32v003-fast-size': async () => (await import('./prebuilt/ch32v003-fast-size.js')).CH32V003_FAST_SIZE_IMAGE,
  'ch32v003-fast': async () => (await import('./prebuilt/ch32v003-fast.js')).CH32V003_FAST_IMAGE,
  'ch32v003-plain': async () => (await import('./prebuilt/ch32v003-plain.js')).CH32V003_PLAIN_IMAGE,
  'ch32v002-fast': async () => (await import('./prebuilt/ch32v002-fast.js')).CH32V002_FAST_IMAGE,
  'ch32v002-fast-loops': async () => (await import('./prebuilt/ch32v002-fast-loops.js')).CH32V002_FAST_LOOPS_IMAGE,
  'ch32v002-fast-flash': async () => (await import('./prebuilt/ch32v002-fast-flash.js')).CH32V002_FAST_FLASH_IMAGE,
  'ch32v002-fast-size': async () => (await import('./prebuilt/ch32v002-fast-size.js')).CH32V002_FAST_SIZE_IMAGE,
  'ch32v002-fast-loops-size': async () =>
    (await import('./prebuilt/ch32v002-fast-loops-size.js')).CH32V002_FAST_LOOPS_SIZE_IMAGE,
  'ch32v002-plain': async () => (await import('./prebuilt/ch32v002-plain.js')).CH32V002_PLAIN_IMAGE,
  'rp2040-fast': async () => (await import('./prebuilt/rp2040-fast.js')).RP2040_FAST_IMAGE,
  'rp2040-plain': async () => (await import('./prebuilt/rp2040-plain.js')).RP2040_PLAIN_IMAGE,
  'atmega328p-plain': async () => (await import('./prebuilt/atmega328p-plain.js')).ATMEGA328P_PLAIN_IMAGE,
} as const satisfies Record<string, () => Promise<string>>;

export type KernelImageName = keyof typeof IMAGES;
export const KERNEL_IMAGE_NAMES = Object.keys(IMAGES) as readonly KernelImageName[];

const loaded = new Map<KernelImageName, Promise<KernelImage>>();

/** An image, decoded once. */
export function kernelImage(name: KernelImageName): Promise<KernelImage> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const image = IMAGES[name]().then(decodeKernelImage);
  loaded.set(name, image);
  return image;
}
