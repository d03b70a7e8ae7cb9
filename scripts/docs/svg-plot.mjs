// A small writer of SVG plots: axes, lines, markers and labels that step aside for each other. Light and dark as the reader's system is.
// Colours are those of the Okabe–Ito palette, which people with any colour vision can tell apart.

const FONT = 12;
/** Mean width of a character of the font, as a share of its size. */
const CHARACTER = 0.54;

const STYLE = `
  .plot { --ground: #ffffff; --ink: #1f2328; --soft: #656d76; --grid: #d8dee4; --a: #0072b2; --b: #8c959f; --c: #d55e00; --d: #009e73; --e: #cc79a7; }
  @media (prefers-color-scheme: dark) {
    .plot { --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --grid: #30363d; --a: #56b4e9; --b: #7d8590; --c: #e69f00; --d: #2fc79a; --e: #e4a3c6; }
  }
  .ground { fill: var(--ground); }
  text { font: ${FONT}px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: var(--soft); }
  .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
  .grid { stroke: var(--grid); }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
  .a { --color: var(--a); } .b { --color: var(--b); } .c { --color: var(--c); } .d { --color: var(--d); } .e { --color: var(--e); }
  .line { stroke: var(--color); }
  .dashed { stroke-dasharray: 1 5; }
  .full { fill: var(--color); stroke: var(--ground); stroke-width: 1.5; }
  .hollow { fill: var(--ground); stroke: var(--color); stroke-width: 2; }
  .label { fill: var(--color); font-weight: 600; paint-order: stroke; stroke: var(--ground); stroke-width: 3px; stroke-linejoin: round; }
`;

const escapeText = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
/** A tenth of a pixel is enough; the same input gives the same file. */
const pixel = (value) => String(Math.round(value * 10) / 10);

const SCALES = {
  linear: (value) => value,
  log: (value) => Math.log(value),
  /** Shares near 1: equal steps where the error falls by the same factor. */
  accuracy: (share) => -Math.log(1 - share),
};

/**
 * @typedef {object} Axis
 * @property {string} title what it is, with the unit
 * @property {'linear' | 'log' | 'accuracy'} scale
 * @property {[number, number]} range
 * @property {{ at: number, text: string }[]} ticks
 *
 * @typedef {object} Series
 * @property {string} name for the legend; without one it is not in it
 * @property {'a' | 'b' | 'c' | 'd' | 'e'} color
 * @property {'circle' | 'square'} marker
 * @property {boolean} [hollow]
 * @property {boolean} [line] whether its points are joined
 * @property {boolean} [dashed]
 * @property {{ x: number, y: number, label?: string, title?: string }[]} points
 */

/** @param {{ title: string, description: string, x: Axis, y: Axis, series: Series[], width?: number, height?: number }} plot */
export function svgPlot({ title, description, x, y, series, width = 760, height = 460 }) {
  const area = { left: 62, right: width - 24, top: 82, bottom: height - 52 };
  const project = ({ scale, range }, from, to) => {
    const f = SCALES[scale];
    const [low, high] = range.map(f);
    return (value) => from + ((f(value) - low) / (high - low)) * (to - from);
  };
  const xOf = project(x, area.left, area.right);
  const yOf = project(y, area.bottom, area.top);
  const placed = series.map((one) => ({
    ...one,
    at: one.points.map((point) => ({ ...point, px: xOf(point.x), py: yOf(point.y) })),
  }));
  const parts = [
    ...y.ticks.map(({ at, text }) => horizontal(yOf(at), area, text)),
    ...x.ticks.map(({ at, text }) => tick(xOf(at), area, text)),
    `<text x="${area.left}" y="26" class="title">${escapeText(title)}</text>`,
    `<text x="${pixel((area.left + area.right) / 2)}" y="${height - 12}" text-anchor="middle">${escapeText(x.title)}</text>`,
    `<text transform="rotate(-90)" x="${pixel(-(area.top + area.bottom) / 2)}" y="16" text-anchor="middle">${escapeText(y.title)}</text>`,
    legend(placed, area),
    ...placed.filter(({ line }) => line).map(polyline),
    ...placed.flatMap(({ at, ...one }) => at.map((point) => marker(one, point.px, point.py, point.title))),
    ...labels(placed, area),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escapeText(title)}</title>
<desc id="description">${escapeText(description)}</desc>
<style>${STYLE}</style>
<rect class="ground" width="${width}" height="${height}" rx="6"/>
${parts.filter(Boolean).join('\n')}
</svg>
`;
}

function horizontal(y, { left, right }, text) {
  return `<line class="grid" x1="${left}" x2="${right}" y1="${pixel(y)}" y2="${pixel(y)}"/><text x="${left - 8}" y="${pixel(y + FONT / 3)}" text-anchor="end">${escapeText(text)}</text>`;
}

function tick(x, { bottom }, text) {
  return `<line class="grid" x1="${pixel(x)}" x2="${pixel(x)}" y1="${bottom}" y2="${bottom + 5}"/><text x="${pixel(x)}" y="${bottom + 19}" text-anchor="middle">${escapeText(text)}</text>`;
}

function polyline({ at, color, dashed }) {
  const points = at.map(({ px, py }) => `${pixel(px)},${pixel(py)}`).join(' ');
  return `<polyline class="line ${color}${dashed ? ' dashed' : ''}" points="${points}"/>`;
}

function marker({ color, marker: shape, hollow }, x, y, title) {
  const style = `class="${color} ${hollow ? 'hollow' : 'full'}"`;
  const inside = title === undefined ? '' : `<title>${escapeText(title)}</title>`;
  return shape === 'circle'
    ? `<circle ${style} cx="${pixel(x)}" cy="${pixel(y)}" r="5">${inside}</circle>`
    : `<rect ${style} x="${pixel(x - 4.5)}" y="${pixel(y - 4.5)}" width="9" height="9" rx="1">${inside}</rect>`;
}

/** In one row, or in as many as the names need. */
function legend(series, { left, right }) {
  let x = left;
  let y = 48;
  return series
    .filter(({ name }) => name !== undefined)
    .map((one) => {
      const width = 16 + one.name.length * FONT * CHARACTER;
      if (x + width > right + 16) {
        x = left;
        y += 18;
      }
      const entry = `${marker(one, x + 5, y)}<text x="${pixel(x + 16)}" y="${y + 4}">${escapeText(one.name)}</text>`;
      x += width + 16;
      return entry;
    })
    .join('\n');
}

/** Labels around their points; the first place that covers no marker and no other label. */
function labels(series, area) {
  const taken = series.flatMap(({ at }) => at.map(({ px, py }) => box(px - 6, py - 6, 12, 12)));
  return series.flatMap(({ at, color }) =>
    at.flatMap(({ px, py, label }) => {
      if (label === undefined) return [];
      const width = label.length * FONT * CHARACTER;
      const candidates = [
        [px - width / 2, py - 10 - FONT],
        [px - width / 2, py + 10],
        [px + 9, py - FONT / 2],
        [px - 9 - width, py - FONT / 2],
        [px + 5, py - 9 - FONT],
        [px - 5 - width, py - 9 - FONT],
        [px + 5, py + 9],
        [px - 5 - width, py + 9],
      ].map(([left, top]) => box(left, top, width, FONT));
      const inside = candidates.filter(
        ({ left, right, top, bottom }) =>
          left > area.left && right < area.right + 20 && top > area.top - 18 && bottom < area.bottom,
      );
      const free = inside.find((candidate) => !taken.some((other) => overlap(candidate, other)));
      // Better no label than one that cannot be read: the point has a title.
      if (free === undefined) return [];
      taken.push(free);
      return [
        `<text class="label ${color}" x="${pixel(free.left + width / 2)}" y="${pixel(free.bottom - 2)}" text-anchor="middle">${escapeText(label)}</text>`,
      ];
    }),
  );
}

const box = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
