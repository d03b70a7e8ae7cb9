// What augmentation does to an image, as data.
import { z } from 'zod';

const share = z.number().min(0).max(0.9);

export const augmentationSchema = z.strictObject({
  plain: z.int().min(0).max(1).default(1).describe('1: every epoch also has the images as they are'),
  copies: z.int().min(1).max(16).default(1).describe('augmented copies of the training images in every epoch'),
  rotation: z.number().min(0).max(180).default(10).describe('± degrees, uniform'),
  rotations: z.int().min(1).max(4).default(2).describe('how many rotations are drawn and added up'),
  translation: share.default(0.1).describe('± share of width and height, uniform, in fractions of a pixel'),
  scale: z
    .tuple([z.number().min(0.1).max(10), z.number().min(0.1).max(10)])
    .default([0.9, 1.1])
    .describe('uniform between the two'),
  anisotropy: share.default(0).describe('width grows by up to ± this share while height shrinks by as much'),
  shear: z.number().min(0).max(60).default(0).describe('± degrees along a row, uniform'),
  flip: z.number().min(0).max(1).default(0).describe('share of the images that are mirrored left to right'),
  elastic: z
    .strictObject({
      amplitude: z.number().positive().max(100).describe('± pixels at the grid points, uniform'),
      grid: z
        .int()
        .min(2)
        .max(64)
        .default(5)
        .describe('grid points a side; displacements between them are interpolated'),
    })
    .optional(),
});

/** Random deformations, drawn anew for every image in every epoch. The defaults are those of the original project's recipe. */
export type AugmentationSpec = z.infer<typeof augmentationSchema>;
