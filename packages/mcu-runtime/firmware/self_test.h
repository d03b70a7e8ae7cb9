/* Classifies the bundled samples and checks every logit; results go through board_write(). */
#ifndef SELF_TEST_H
#define SELF_TEST_H

#ifdef __cplusplus
extern "C" {
#endif

void self_test(void);

#ifdef __cplusplus
}
#endif

#endif
