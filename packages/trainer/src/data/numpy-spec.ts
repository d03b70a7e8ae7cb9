// The keys of data sets saved by NumPy: one .npz, or .npy files.
import { z } from 'zod';
import { common, constants, curve, path, range, rawType, rowsSplitBy } from './common-spec.js';
import { featureKeys } from './features-spec.js';

const member = z.string().min(1).max(200);

const arrayKeys = {
  form: z
    .enum(['table', 'signal', 'image'])
    .optional()
    .describe(
      'what a sample is: a table row, each value scaled by itself; a signal, scaled by channel; an image of bytes. Without it arrays of 2 dimensions are tables, bytes of 3 or more images, other numbers signals',
    ),
  layout: z
    .enum(['nchw', 'nhwc'])
    .optional()
    .describe(
      'whether the channels of images and signals are the first dimension of a sample (nchw) or the last (nhwc)',
    ),
  range,
  ...featureKeys,
  rawType,
  curve,
  constants,
  ...common,
  splitBy: rowsSplitBy,
};

export const npzSpec = z.strictObject({
  kind: z.literal('npz'),
  path,
  trainImages: member.default('x_train').describe('name of the array of training samples'),
  trainLabels: member.default('y_train').describe('name of the array of their classes'),
  testImages: member.optional().describe('name of the array of test samples'),
  testLabels: member.optional().describe('name of the array of their classes'),
  groups: member.optional().describe('name of the array that says which training samples belong together'),
  ...arrayKeys,
});

export const npySpec = z.strictObject({
  kind: z.literal('npy'),
  trainImages: path.describe('file of the training samples'),
  trainLabels: path.describe('file of their classes'),
  testImages: path.optional().describe('file of the test samples'),
  testLabels: path.optional().describe('file of their classes'),
  groups: path.optional().describe('file that says which training samples belong together'),
  ...arrayKeys,
});
