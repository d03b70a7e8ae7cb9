// A canvas to draw a digit on, and the drawing as a 16×16 sample as MNIST would have it: centred by its mass, 20 of 28 large.

const STROKE = 0.085;

/** Lets the pointer draw on a canvas; `onChange` follows every stroke. */
export function makeDrawable(canvas, onChange) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let last;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * canvas.width,
      ((event.clientY - box.top) / box.height) * canvas.height,
    ];
  };
  const clear = () => {
    context.fillStyle = '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!last) return;
    const point = at(event);
    context.strokeStyle = '#fff';
    context.lineWidth = canvas.width * STROKE;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(...last);
    context.lineTo(...point);
    context.stroke();
    last = point;
    onChange();
  });
  for (const type of ['pointerup', 'pointercancel'])
    canvas.addEventListener(type, () => {
      last = undefined;
    });
  clear();
  return { clear };
}

/** The drawing as 256 grey values, or undefined while nothing is drawn. */
export function sampleOf(canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  let [mass, massX, massY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grey = data[4 * (y * width + x)];
      if (grey < 32) continue;
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      mass += grey;
      massX += grey * (x + 0.5);
      massY += grey * (y + 0.5);
    }
  }
  if (right < 0) return undefined;
  // The frame of 28 pixels in which the larger side takes 20, around the centre of mass; drawn at 16×16 by the browser's resampling.
  const frame = (Math.max(right - left, bottom - top) + 1) * (28 / 20);
  const small = new OffscreenCanvas(16, 16);
  const context = small.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.fillRect(0, 0, 16, 16);
  const scale = 16 / frame;
  // The centre of mass comes to the middle, as far as the ink stays inside.
  const shift = (moment, first, last) =>
    Math.min(16 - (last + 1) * scale, Math.max(-first * scale, 8 - (moment / mass) * scale));
  context.setTransform(scale, 0, 0, scale, shift(massX, left, right), shift(massY, top, bottom));
  context.drawImage(canvas, 0, 0);
  const pixels = context.getImageData(0, 0, 16, 16).data;
  return Uint8Array.from({ length: 256 }, (_, i) => pixels[4 * i]);
}
