/* As much of the Arduino core as the example sketch needs, on an ATmega328P: for machines without arduino-cli. */
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stdint.h>

class HardwareSerial {
 public:
  void begin(unsigned long baud);
  void write(char character);
  int available();
  int read();
  void flush();
  operator bool() const { return true; }
};
extern HardwareSerial Serial;

void setup();
void loop();

#endif
