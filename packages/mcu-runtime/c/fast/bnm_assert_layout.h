/* Checks at compile time that structs lie in memory as the assembly takes it. */
#ifndef BNM_ASSERT_LAYOUT_H
#define BNM_ASSERT_LAYOUT_H

#include <stddef.h>

#define BNM_ASSERT_EQUAL(NAME, A, B) typedef char bnm_assert_##NAME[(A) == (B) ? 1 : -1]
/* FIELD is OFFSET bytes from the start of a STRUCT. */
#define BNM_ASSERT_OFFSET(NAME, STRUCT, FIELD, OFFSET) BNM_ASSERT_EQUAL(NAME, offsetof(struct STRUCT, FIELD), OFFSET)

#endif
