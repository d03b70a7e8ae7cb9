// Looks at a folder of pictures in class folders: parts, classes, colours and the size that suits all.
import { join } from 'node:path';
import { classFiles, classFolders, PICTURES } from '../class-files.js';
import type { DataSpecInput } from '../data-spec.js';
import { deriveSize, haveColours, pictureSizes } from '../image-survey.js';
import { folderAssumptions, holdsClassFiles, partsOf, requireTwoClasses } from './class-parts.js';
import type { Assumption, InspectedKind } from './inspection.js';

export const inspectPictures: InspectedKind = {
  title: 'a folder of PNG or JPEG pictures in one folder for each class',
  matches: (found) => holdsClassFiles(found, PICTURES),
  async inspect({ path, entries }, overrides) {
    const parts = partsOf(entries);
    const train = parts ? join(path, parts.train) : path;
    const labels = await classFolders(train, PICTURES);
    const { files, notes } = await classFiles(train, labels, PICTURES);
    requireTwoClasses(train, labels, files, overrides);
    const derived = overrides.size === undefined ? deriveSize(await pictureSizes(files)) : undefined;
    const size = (overrides.size as readonly number[] | undefined) ?? derived?.size;
    const isAuto = overrides.channels === undefined || overrides.channels === 'auto';
    const channels = isAuto ? ((await haveColours(files)) ? 3 : 1) : overrides.channels;
    const own: Assumption[] = [
      {
        what: channels === 3 ? 'colours: red, green and blue' : 'colours: grey, one channel',
        because: isAuto ? (channels === 3 ? 'pictures have colours' : 'pictures are grey') : 'as asked',
        change: `--data-channels ${channels === 3 ? 1 : 3}`,
      },
      ...(size
        ? [
            {
              what: `size: ${size.join('×')} pixels`,
              because: derived ? (derived.because ?? 'all have it') : 'as asked',
              change: '--data-size HEIGHT,WIDTH',
            },
          ]
        : []),
    ];
    const spec = {
      kind: 'folder',
      train,
      ...(parts?.test && { test: join(path, parts.test) }),
      ...(size && { size: [...size] }),
      ...overrides,
      channels,
    } as DataSpecInput;
    return { spec, assumptions: folderAssumptions({ labels, files, parts, notes }, 'pictures', own) };
  },
};
