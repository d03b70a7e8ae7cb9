/*
 * BNM_RV32E, BNM_THUMB: the assembly for RV32E or Armv6-M takes the place of portable C; BNM_PORTABLE prevents it.
 * BNM_DSP: kernels for the DSP extension of Cortex-M do (bnm_dsp.h, files _dsp.c).
 *
 * BNM_RUN_TIME_CODE: convolutions of parts without a multiplier write code into RAM and run it; BNM_NO_RUN_TIME_CODE prevents it, for
 * parts or rules that do not let RAM be run. README.md says what that costs.
 *
 * Placement of kernels: everything in flash; with BNM_KERNELS_IN_RAM=1 the inner loops in RAM, from which these parts fetch
 * without wait states; with 2 (parts with 4 kB) also what runs once for each input or output ("warm"). With BNM_CHAIN_IN_RAM=1 besides
 * the 1, what a convolution chain runs once for each channel is in RAM in place of the inner loops over codes of 3 and 4 bits.
 * Each function has a section of its own, so that the linker drops what is not used.
 */
#ifndef BNM_HOT_H
#define BNM_HOT_H

#if defined(__riscv_32e) && !defined(BNM_PORTABLE)
#define BNM_RV32E 1
#endif
#if defined(__ARM_ARCH_6M__) && !defined(BNM_PORTABLE)
#define BNM_THUMB 1
#endif

#if defined(__ARM_FEATURE_DSP) && defined(__GNUC__) && !defined(__ARM_BIG_ENDIAN) && !defined(BNM_PORTABLE) && !defined(BNM_DSP)
#define BNM_DSP 1
#endif

#if defined(BNM_RV32E) && !defined(BNM_NO_RUN_TIME_CODE)
#define BNM_RUN_TIME_CODE 1
#endif

#if !defined(BNM_KERNELS_IN_RAM)
#define BNM_KERNELS_IN_RAM 0
#endif
#if !defined(BNM_CHAIN_IN_RAM)
#define BNM_CHAIN_IN_RAM 0
#endif

#ifdef __ASSEMBLER__

#if defined(BNM_THUMB)
  .macro BNM_THUMB_FUNCTION NAME
  .syntax unified
  .section .text.\NAME, "ax", %progbits
  .balign 4
  .globl \NAME
  .type \NAME, %function
  .thumb_func
\NAME:
  .endm
#else
  .macro BNM_FUNCTION NAME, IN_RAM:req
  .if \IN_RAM
  .section .ramcode.\NAME, "ax", @progbits
  .else
  .section .text.\NAME, "ax", @progbits
  .endif
  .option rvc
  .globl \NAME
  .type \NAME, @function
  .balign 4
\NAME:
  .endm
  .macro BNM_HOT_FUNCTION NAME
  BNM_FUNCTION \NAME, (BNM_KERNELS_IN_RAM>=1)
  .endm
  .macro BNM_WARM_FUNCTION NAME
  BNM_FUNCTION \NAME, (BNM_KERNELS_IN_RAM>=2)
  .endm
  /* Hot but where a chain is in RAM. */
  .macro BNM_WIDE_FUNCTION NAME
  BNM_FUNCTION \NAME, (BNM_KERNELS_IN_RAM>=1+BNM_CHAIN_IN_RAM)
  .endm
#endif

#else

#if BNM_KERNELS_IN_RAM >= 1
#define BNM_HOT(NAME) __attribute__((noinline, section(".ramcode." #NAME)))
#else
#define BNM_HOT(NAME) __attribute__((noinline))
#endif
#if BNM_KERNELS_IN_RAM >= 2
#define BNM_WARM(NAME) __attribute__((noinline, section(".ramcode." #NAME)))
#else
#define BNM_WARM(NAME) __attribute__((noinline))
#endif
/* What a convolution chain runs once for each channel. */
#if BNM_KERNELS_IN_RAM + BNM_CHAIN_IN_RAM >= 2
#define BNM_CHAIN_WARM(NAME) __attribute__((noinline, section(".ramcode." #NAME)))
#else
#define BNM_CHAIN_WARM(NAME)
#endif
/* At a whole word, as parts fetch them, where that pays: in files that are compiled for speed. */
#if defined(__OPTIMIZE_SIZE__)
#define BNM_WORD_ALIGNED
#else
#define BNM_WORD_ALIGNED __attribute__((aligned(4)))
#endif
/* For size, in files that are compiled for speed: what runs once a sample or once a channel. */
#define BNM_COLD __attribute__((noinline, cold))

#endif

#endif
