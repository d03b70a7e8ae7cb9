// Draws a grey picture in the terminal: half blocks in shades of grey where there is color, shading characters where there is none.
import type { Shape } from '@bitnetmcu/models';
import { styleMark } from './styled-text.js';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** width·height grey values, 0 black to 255 white. */
  readonly pixels: Uint8Array;
}

/** The grey ramp of the 256-color palette: 24 shades from 232. */
const GREY_RAMP_START = 232;
const GREY_RAMP_LENGTH = 24;
const SHADES = [' ', '░', '▒', '▓', '█'] as const;

const paletteIndex = (grey: number): number => GREY_RAMP_START + Math.round((grey / 255) * (GREY_RAMP_LENGTH - 1));

/** Below this width each pixel is drawn twice as large. */
const SMALL = 20;

function enlarge({ width, height, pixels }: Picture): Picture {
  const factor = 2;
  const larger = new Uint8Array(width * height * factor * factor);
  for (let y = 0; y < height * factor; y++) {
    for (let x = 0; x < width * factor; x++) {
      larger[y * width * factor + x] = pixels[Math.floor(y / factor) * width + Math.floor(x / factor)]!;
    }
  }
  return { width: width * factor, height: height * factor, pixels: larger };
}

function drawInColor(picture: Picture): string[] {
  const { width, height, pixels } = picture.width < SMALL ? enlarge(picture) : picture;
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let line = '';
    for (let x = 0; x < width; x++) {
      const upper = paletteIndex(pixels[y * width + x]!);
      const lower = y + 1 < height ? paletteIndex(pixels[(y + 1) * width + x]!) : GREY_RAMP_START;
      line += `${styleMark(`38;5;${upper};48;5;${lower}`)}▀`;
    }
    lines.push(`${line}${styleMark('0')}`);
  }
  return lines;
}

function drawPlain({ width, height, pixels }: Picture): string[] {
  const lines: string[] = [];
  for (let y = 0; y < height; y++) {
    let line = '';
    for (let x = 0; x < width; x++) {
      // Two characters a pixel: a cell is about twice as high as it is wide.
      line +=
        SHADES[Math.min(SHADES.length - 1, Math.floor((pixels[y * width + x]! / 256) * SHADES.length))]!.repeat(2);
    }
    lines.push(line);
  }
  return lines;
}

/** Shares of red, green and blue in what an eye sees as brightness (ITU-R BT.601). */
const BRIGHTNESS = [0.299, 0.587, 0.114] as const;

/** The brightness of red, green and blue planes. */
function brightness(values: Uint8Array, pixels: number): Uint8Array {
  return Uint8Array.from({ length: pixels }, (_, i) =>
    Math.round(BRIGHTNESS.reduce((sum, share, channel) => sum + share * values[channel * pixels + i]!, 0)),
  );
}

/**
 * A sample as a picture, where it is one: of [3, height, width] the brightness, of other numbers of channels the first, or a square number of features.
 */
export function pictureOf(shape: Shape, values: Uint8Array): Picture | undefined {
  if (shape.length === 3) {
    const [channels, height, width] = shape;
    const pixels = height * width;
    return { width, height, pixels: channels === 3 ? brightness(values, pixels) : values.subarray(0, pixels) };
  }
  const side = Math.sqrt(shape[0]);
  return Number.isInteger(side) && side > 1 ? { width: side, height: side, pixels: values } : undefined;
}

/** The lines that draw a picture. */
export function drawPicture(picture: Picture, colored: boolean): string[] {
  return colored ? drawInColor(picture) : drawPlain(picture);
}
