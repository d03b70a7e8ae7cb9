// Numbers that the schemas of loss terms have in common.
import { z } from 'zod';

export const fraction = z.number().min(0).lt(1);
export const termWeight = z.number().min(0).max(1000);
