// Runs programs of fixed-size operations over one arena. Compiled for every instruction set (ENGINE_INSTRUCTIONS names it) and, where it has
// a fused multiply-add, once more without (ENGINE_SEPARATE); ENGINE_VARIANT is a name for each of these.
#include "interpreter.h"
#include "engine.h"
#include "kernels/activation-quantization.h"
#include "kernels/activation.h"
#include "kernels/chain.h"
#include "kernels/convolution.h"
#include "kernels/elementwise.h"
#include "kernels/image.h"
#include "kernels/loss.h"
#include "kernels/target-loss.h"
#include "kernels/masks.h"
#include "kernels/matrix-multiply.h"
#include "kernels/optimizers.h"
#include "kernels/samples.h"
#include "kernels/spatial.h"
#include "kernels/top-groups.h"
#include "kernels/top-relu.h"
#include "kernels/trained-norms.h"
#include "kernels/weight-losses.h"
#include "kernels/weight-quantization.h"

#define CASE(name) case OP_##name: name(ctx, (const Op_##name *)op); break;

static void execute(Context *ctx, const int32_t *op, int32_t count) {
  for (const int32_t *end = op + (ptrdiff_t)count * OP_WORDS; op < end; op += OP_WORDS) {
    switch (*op) {
      CASE(gatherSamples) CASE(meanScale) CASE(quantizeWeights) CASE(clipGradient) CASE(quantizeActivations)
      CASE(accumulatorUnit) CASE(normBackward) CASE(layerNorm) CASE(layerNormBackward) CASE(batchNorm)
      CASE(batchNormBackward) CASE(matrixMultiply) CASE(chain) CASE(chainGradient) CASE(convolution)
      CASE(convolutionBackward) CASE(crop) CASE(cropBackward) CASE(pool) CASE(poolBackward) CASE(addBias)
      CASE(columnSums) CASE(activation) CASE(activationBackward) CASE(topRelu) CASE(topReluBackward) CASE(topGroups)
      CASE(groupScoresBackward) CASE(balanceGroups) CASE(dropout) CASE(addTensors) CASE(sumTensors)
      CASE(scaleGradient) CASE(countPositive)
      CASE(countExplained) CASE(countExact) CASE(meanSquaredError) CASE(huber) CASE(binaryCrossEntropy)
      CASE(softmaxCrossEntropy) CASE(countCorrect) CASE(distillation) CASE(storeLogits) CASE(adam) CASE(sgd)
      CASE(dampOscillations) CASE(clamp) CASE(bitsGradient) CASE(sizeLoss) CASE(entropyLoss)
      CASE(maskWeights) CASE(maskGradient) CASE(maskBiasGradient)
      default: refuse(ctx, *op, *op);
    }
    if (ctx->refused_op) return;
  }
}

static void run(Run *run) {
  Context ctx = {.arena = run->arena, .samples = run->samples, .labels = run->labels, .targets = run->targets,
                 .order = run->order, .logits = run->logits, .first = run->from, .position = run->from, .step = run->steps,
                 .parallel = run->parallel, .pool = run->pool};
  execute(&ctx, run->prepare, run->prepare_count);
  for (; ctx.position < run->to && !ctx.refused_op; ctx.position += run->batch_size) {
    uint32_t rest = run->to - ctx.position;
    ctx.batch = (int32_t)(rest < run->batch_size ? rest : run->batch_size);
    execute(&ctx, run->program, run->program_count);
    if (ctx.step) ctx.step += 4;
  }
  run->loss = ctx.loss;
  run->correct = ctx.correct;
  run->refused_op = ctx.refused_op;
  run->refused_code = ctx.refused_code;
}

#define NAME_(variant) engine_##variant
#define NAME(variant) NAME_(variant)
#define STRING_(variant) #variant
#define STRING(variant) STRING_(variant)
const EngineVariant NAME(ENGINE_VARIANT) = {STRING(ENGINE_INSTRUCTIONS), ARITHMETIC, run, augment, resize};
