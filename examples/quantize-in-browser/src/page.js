// The page: draws, quantizes, classifies, shows.
import { FORMATS, loadClassifier, quantizeNetwork, readNetwork } from './classifier.js';
import { makeDrawable, sampleOf } from './drawing.js';

const element = (id) => document.getElementById(id);
const canvas = element('canvas');
const network = readNetwork(await (await fetch('./digits.bnt')).arrayBuffer());
let classifier;

const drawable = makeDrawable(canvas, show);
element('clear').addEventListener('click', () => {
  drawable.clear();
  show();
});

const formats = element('formats');
for (const format of FORMATS) {
  const { bytes } = quantizeNetwork(network, format);
  const button = document.createElement('button');
  button.innerHTML = `<b>${format}</b><span>${(bytes / 1024).toFixed(1)} kB</span>`;
  button.addEventListener('click', () => choose(format, button));
  formats.append(button);
}
const bars = network.labels.map((label) => {
  const row = document.createElement('div');
  row.className = 'row';
  row.innerHTML = `<span class="label">${label}</span><span class="track"><span class="bar"></span></span><span class="logit"></span>`;
  element('scores').append(row);
  return row;
});
formats.children[FORMATS.indexOf('4bitsym')].click();

async function choose(format, button) {
  for (const other of formats.children) other.setAttribute('aria-pressed', String(other === button));
  const { model, bytes, entropies } = quantizeNetwork(network, format);
  const next = await loadClassifier(model);
  classifier?.close();
  classifier = next;
  element('facts').textContent =
    `${bytes} bytes of weights; entropy of the codes ${entropies.map((bits) => bits.toFixed(2)).join(', ')} bits a weight`;
  show();
}

function show() {
  const pixels = sampleOf(canvas);
  element('sample').getContext('2d').clearRect(0, 0, 16, 16);
  if (!pixels || !classifier) {
    element('answer').textContent = 'Draw a digit';
    for (const row of bars) row.className = 'row';
    for (const row of bars) row.querySelector('.bar').style.width = '0';
    for (const row of bars) row.querySelector('.logit').textContent = '';
    return;
  }
  const rgba = new ImageData(16, 16);
  pixels.forEach((grey, i) => {
    rgba.data.set([grey, grey, grey, 255], 4 * i);
  });
  element('sample').getContext('2d').putImageData(rgba, 0, 0);
  const { logits, winner, milliseconds } = classifier.classify(pixels);
  const [low, high] = [Math.min(...logits), Math.max(...logits)];
  bars.forEach((row, i) => {
    row.className = i === winner ? 'row winner' : 'row';
    row.querySelector('.bar').style.width = `${(100 * (logits[i] - low)) / Math.max(1, high - low)}%`;
    row.querySelector('.logit').textContent = logits[i];
  });
  element('answer').textContent = `${network.labels[winner]} (${milliseconds.toFixed(2)} ms)`;
}
