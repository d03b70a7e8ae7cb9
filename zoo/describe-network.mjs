// A network in one line: `conv 16, dw, pool, dw, pool (8bit); linear 64 (2bitsym), 48, 10 (4bitsym)`.

/** Joins the names of weighted layers; a format is said where the next one differs. */
function withFormats(parts) {
  return parts
    .map(({ text, format }, i) => {
      const next = parts.slice(i + 1).find((part) => part.format !== undefined);
      return format === undefined || next?.format === format ? text : `${text} (${format})`;
    })
    .join(', ');
}

/** ` 5×5/2` for a window of 5×5 that moves by 2; nothing for the usual one. */
function window([height, width], [down, right], usualSize, usualStride) {
  const isUsual = height === usualSize && width === usualSize && down === usualStride && right === usualStride;
  return isUsual ? '' : ` ${height}×${width}/${down === right ? down : `${down}×${right}`}`;
}

function spatial(node) {
  switch (node.op) {
    case 'conv2d': {
      const depthwise = node.groups > 1 && node.groups === node.outChannels;
      return {
        text: `${depthwise ? 'dw' : `conv ${node.outChannels}`}${window(node.kernel, node.stride, 3, 1)}`,
        format: node.weights.format,
      };
    }
    case 'maxPool2d':
      return { text: `pool${window(node.size, node.stride, 2, 2)}` };
    case 'avgPool2d':
      return { text: `mean pool${window(node.size, node.stride, 2, 2)}` };
    case 'crop':
      return { text: `crop ${node.height}×${node.width}` };
    case 'add':
      return { text: 'add' };
    default:
      return undefined;
  }
}

/** @param model a QuantizedModel */
export function describeNetwork({ nodes }) {
  const before = nodes.map(spatial).filter((part) => part !== undefined);
  const linear = nodes
    .filter(({ op }) => op === 'linear')
    .map(({ outFeatures, weights }) => ({ text: String(outFeatures), format: weights.format }));
  return [before.length > 0 && withFormats(before), linear.length > 0 && `linear ${withFormats(linear)}`]
    .filter(Boolean)
    .join('; ');
}
