/* Serial on USART0, setup() once, and loop() until what it reads ends by EOT; once where it reads nothing. */
#include <Arduino.h>

static const int NOTHING = -1, END = 4;
static int received = NOTHING;
static bool reads = false;

#if defined(__AVR__)
#include <avr/io.h>

void HardwareSerial::begin(unsigned long) { UCSR0B = 1 << TXEN0; }
void HardwareSerial::write(char character) {
  while ((UCSR0A & 1 << UDRE0) == 0) {
  }
  UDR0 = static_cast<uint8_t>(character);
}
void HardwareSerial::flush() {}
int HardwareSerial::available() {
  reads = true;
  if ((UCSR0B & 1 << RXEN0) == 0) UCSR0B |= 1 << RXEN0;
  if (received == NOTHING) {
    while ((UCSR0A & 1 << RXC0) == 0) {
    }
    received = UDR0;
  }
  return received != END;
}
#else
void HardwareSerial::begin(unsigned long) {}
void HardwareSerial::write(char) {}
void HardwareSerial::flush() {}
int HardwareSerial::available() { return 0; }
#endif

int HardwareSerial::read() {
  const int character = received;
  received = NOTHING;
  return character;
}

HardwareSerial Serial;

int main() {
  setup();
  do {
    loop();
  } while (reads && received != END);
  return 0;
}
