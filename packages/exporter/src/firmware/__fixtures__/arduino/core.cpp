/* Serial on USART0, and setup() once. */
#include <Arduino.h>
#if defined(__AVR__)
#include <avr/io.h>

void HardwareSerial::begin(unsigned long) { UCSR0B = 1 << TXEN0; }
void HardwareSerial::write(char character) {
  while ((UCSR0A & 1 << UDRE0) == 0) {
  }
  UDR0 = static_cast<uint8_t>(character);
}
void HardwareSerial::flush() {}
#else
void HardwareSerial::begin(unsigned long) {}
void HardwareSerial::write(char) {}
void HardwareSerial::flush() {}
#endif

HardwareSerial Serial;

int main() {
  setup();
  return 0;
}
