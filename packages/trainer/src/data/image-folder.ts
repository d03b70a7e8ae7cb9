// Data sets as folders: <part>/<class>/<picture>, PNG or JPEG; the class is the folder's name.
import type { Samples } from '../engine/engine.js';
import { assemble, type Part } from './assemble.js';
import { type ClassFile, classFiles, classFoldersOf, PICTURES } from './class-files.js';
import { readBounded } from './compressed-file.js';
import { DamagedFiles } from './damaged-files.js';
import type { DataSpec } from './data-spec.js';
import type { Dataset } from './dataset.js';
import { decodeImage, type Image } from './image-file.js';
import { deriveSize, haveColours, pictureSizes } from './image-survey.js';
import { LoadBudget } from './load-budget.js';
import type { ModelInput } from './read-like.js';
import { resizeImages } from './resize.js';

type FolderSpec = Extract<DataSpec, { kind: 'folder' }>;

/** How the pictures of a folder become samples. */
interface PictureForm {
  readonly channels: 1 | 3;
  readonly size: readonly [height: number, width: number];
}

/** @throws TrainerError `data-not-found`, `invalid-data` with the file. */
export async function loadFolder(spec: FolderSpec, like?: ModelInput): Promise<Dataset> {
  const budget = new LoadBudget();
  const { labels, own } = await classFoldersOf(spec, like, PICTURES);
  const train = await classFiles(spec.train, labels, PICTURES, own.train);
  const test = spec.test === undefined ? undefined : await classFiles(spec.test, labels, PICTURES, own.test);
  const { form, notes } = await formOf(spec, train.files);
  const read = async (folder: string, found: typeof train): Promise<Part> => {
    notes.push(...found.notes);
    const { part, said } = await readPictures(folder, found.files, form, spec, budget);
    notes.push(...said);
    return part;
  };
  const trained = await read(spec.train, train);
  const tested = test && (await read(spec.test!, test));
  return assemble({ ...spec, labels, notes }, trained, tested);
}

/** Channels and size, found out where they are not given; the test part takes those of the training part. */
async function formOf(spec: FolderSpec, files: readonly ClassFile[]): Promise<{ form: PictureForm; notes: string[] }> {
  const notes: string[] = [];
  let { size } = spec as { size?: readonly [number, number] | undefined };
  if (size === undefined) {
    const derived = deriveSize(await pictureSizes(files));
    if (derived?.because) notes.push(`${spec.train}: ${derived.because} (--data-size HEIGHT,WIDTH, key \`size\`).`);
    // Where no header can be read, the first picture's error says why.
    size = derived?.size ?? [1, 1];
  }
  if (spec.channels !== 'auto') return { form: { channels: spec.channels, size }, notes };
  const channels = (await haveColours(files)) ? 3 : 1;
  notes.push(
    `${spec.train}: the pictures ${channels === 3 ? 'have colours; red, green and blue are taken' : 'are grey; one channel is taken'} (--data-channels 1 or 3, key \`channels\`).`,
  );
  return { form: { channels, size }, notes };
}

/** Reads and resizes one by one. @throws TrainerError `invalid-data` with the file. */
export async function readPictures(
  folder: string,
  files: readonly ClassFile[],
  { channels, size }: PictureForm,
  { background, skipDamaged }: Pick<FolderSpec, 'background' | 'skipDamaged'>,
  budget: LoadBudget,
): Promise<{ part: Part; said: string[] }> {
  const [height, width] = size;
  const features = channels * height * width;
  budget.take(features * files.length, `${folder} (${files.length} images of ${height}×${width} pixels)`);
  const bytes = new Uint8Array(features * files.length);
  const labels: number[] = [];
  const counts = { transparent: 0, turned: 0, cmyk: 0 };
  const damaged = new DamagedFiles(skipDamaged);
  const ground = background === 'ignore' ? undefined : background;
  for (const { path, label } of files) {
    const image = await damaged.read(async () => decodeImage(await readBounded(path), channels, path, ground, budget));
    // A photo takes a second; others get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (image === undefined) continue;
    count(counts, image);
    bytes.set(resizeImages(image.bytes, [image.height, image.width], size), labels.length * features);
    labels.push(label);
  }
  const samples: Samples = {
    count: labels.length,
    bytes: bytes.subarray(0, labels.length * features),
    labels: Uint16Array.from(labels),
  };
  const said = [...damaged.notes(folder, files.length), ...pictureNotes(folder, counts, labels.length, background)];
  return { part: { samples, shape: [channels, height, width] }, said };
}

type Counts = Record<'transparent' | 'turned' | 'cmyk', number>;

function count(counts: Counts, { hasTransparency, orientation, isCmyk }: Image): void {
  if (hasTransparency) counts.transparent++;
  if (orientation !== 1) counts.turned++;
  if (isCmyk) counts.cmyk++;
}

function pictureNotes(
  folder: string,
  { transparent, turned, cmyk }: Counts,
  all: number,
  background: number | 'ignore',
) {
  const of = (some: number) => `${folder}: ${some} of ${all} pictures`;
  const notes: string[] = [];
  if (transparent > 0) {
    const ground =
      background === 'ignore' ? 'their stored colour is taken' : `they are put on grey ${background} of 255`;
    notes.push(`${of(transparent)} have transparent pixels; ${ground} (--data-background, key \`background\`).`);
  }
  if (turned > 0) notes.push(`${of(turned)} are turned upright, as the orientation in their Exif data says.`);
  if (cmyk > 0)
    notes.push(
      `${of(cmyk)} are CMYK, for printing; their colours are converted without a profile, and may differ from what is seen.`,
    );
  return notes;
}

/** Reads one picture as the samples of a data set were read. @throws TrainerError `invalid-data`. */
export function pictureSample(
  file: Uint8Array,
  { channels, size, background }: PictureForm & { readonly background: number | 'ignore' },
  source: string,
): Uint8Array {
  const image = decodeImage(file, channels, source, background === 'ignore' ? undefined : background);
  return resizeImages(image.bytes, [image.height, image.width], size);
}
