/* The encoding rules as a training kernel writes them: the second implementation that encode.ts must equal in every bit. */

static float clip(float x, float low, float high) {
  return x < low ? low : x > high ? high : x;
}

int uniform(float weight, float scale, float offset, float min, float max) {
  float u = weight * scale;
  return (int)(__builtin_rintf(clip(u - offset, min, max)) - min);
}

int sign(float weight, float mean, float scale) {
  return (weight - mean) * scale > 0.0f;
}

int power_of_two(float weight, float scale, int max_exponent) {
  float u = weight * scale;
  union {
    float value;
    unsigned bits;
  } pun = {u};
  int exponent = (int)(pun.bits >> 23 & 255u) - 127;
  if (exponent < 0) exponent = 0;
  if (exponent > max_exponent) exponent = max_exponent;
  return u < 0.0f ? max_exponent - exponent : max_exponent + 1 + exponent;
}

float step_of_scale(float scale) {
  float step = 1.0f / scale;
  if (step * scale < 1.0f) {
    union {
      float value;
      unsigned bits;
    } pun = {step};
    pun.bits++;
    step = pun.value;
  }
  return step;
}

float dequantize(float level, float scale) {
  return level * step_of_scale(scale);
}
