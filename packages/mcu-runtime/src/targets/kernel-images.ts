// The prebuilt kernel images by name, each loaded and decoded once, when it is wanted.
import { IMAGES } from '../generated/kernel-images.js';
import { SimulatorError } from '../sim/errors.js';
import { decodeKernelImage, type KernelImage } from './kernel-image.js';

export const KERNEL_IMAGE_NAMES = Object.keys(IMAGES);

const loaded = new Map<string, Promise<KernelImage>>();

/** @throws SimulatorError `missing-kernels` where the image of a part was not built into this package */
export async function kernelImage(name: string): Promise<KernelImage> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const load = Object.hasOwn(IMAGES, name) ? IMAGES[name] : undefined;
  if (load === undefined) {
    throw new SimulatorError(
      'missing-kernels',
      `The prebuilt kernels ${name} are missing; wanted: src/targets/prebuilt/${name}.ts. Run \`npm run build:kernels\` and \`npm run build\` in packages/mcu-runtime.`,
    );
  }
  const image = load().then(decodeKernelImage);
  loaded.set(name, image);
  return image;
}
