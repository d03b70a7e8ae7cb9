// Names that an exported model cannot take, as identifiers, files or targets of a build, whatever their case: languages, libraries, projects.

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Keywords of C99, C11, C23 and C++20, operators' names among them; `asm`, `linux` and `unix` mean something to compilers. */
const KEYWORDS = words(`
  alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await co_return co_yield
  compl concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast else enum explicit
  export extern false far float for friend fortran goto huge if import inline int interrupt linux long module mutable namespace near new
  noexcept not not_eq nullptr operator or or_eq override private protected public register reinterpret_cast requires restrict return short
  signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename typeof
  typeof_unqual union unix unsigned using virtual void volatile wchar_t while xor xor_eq i386 avr riscv arm thumb`);

/** Functions, objects and macros of the standard library and of POSIX that programs of this kind see. */
const LIBRARY = words(`
  abort abs acos asin assert atan atexit atof atoi atol bsearch calloc ceil clock close cos div edom eilseq environ eof erange errno exit
  exp fabs fclose fflush fgets fileno floor fopen fork fprintf fputs fread free fscanf fseek fwrite getc getchar getenv gets index isalpha
  isdigit isspace j0 j1 jn labs ldiv link log malloc memchr memcmp memcpy memmove memset modf nan null offsetof open perror pipe pow printf
  ptrdiff_t putc putchar puts qsort raise rand read realloc remove rename rewind rindex round scanf select setjmp longjmp setvbuf signal sin
  size_t sleep sprintf sqrt srand ssize_t stderr stdin stdout strcat strchr strcmp strcpy strlen strncmp strncpy strtok strtol strtoul
  system tan time tmpfile toupper tolower trunc ungetc va_arg va_list vprintf wait write y0 y1 yn infinity
  int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t intmax_t uintmax_t
  int8 int16 int32 int64 uint8 uint16 uint32 uint64`);

/** Headers of C, C++, POSIX and avr-libc: a file of such a name beside a model would be included in their place. */
const HEADERS = words(`
  algorithm alloca any array atomic bit bitset byteswap cassert ccomplex cctype cerrno cfenv cfloat charconv chrono cinttypes ciso646
  climits clocale cmath compare complex condition_variable conio coroutine cpio csetjmp csignal cstdarg cstdbool cstddef cstdint cstdio
  cstdlib cstring ctgmath ctime ctype cuchar cwchar cwctype deque dirent dlfcn elf endian exception execution fcntl features fenv
  filesystem float fstream functional future getopt glob grp initializer_list inttypes io iomanip ios iosfwd iostream iso646 istream
  iterator limits list locale malloc map math memory memory_resource mutex netdb nl_types numbers numeric optional ostream poll pthread
  pwd queue random ranges ratio regex sched scoped_allocator semaphore set setjmp shared_mutex signal source_location span spawn sstream
  stack stdalign stdarg stdatomic stdbool stdckdint stdbit stddef stdexcept stdint stdio stdlib stdnoreturn stop_token streambuf string
  string_view strings syslog termios tgmath thread threads time tuple type_traits typeindex typeinfo uchar unistd unordered_map
  unordered_set utility valarray variant vector version wchar wctype windows winsock xlocale`);

/** What the Arduino core and its usual libraries call their headers, objects and macros. */
const ARDUINO = words(`
  adafruit analog analogread analogreference analogwrite api arduino attachinterrupt avr_core bit bitclear bitread bitset bitwrite boolean
  byte client common constrain delay delaymicroseconds digital digitalread digitalwrite eeprom ethernet firmata hardwareserial high
  highbyte hid input input_pullup interrupts ipaddress keyboard led_builtin liquidcrystal loop low lowbyte map max micros millis min mouse
  nointerrupts notone num_analog num_digital output pgmspace pi pinmode pins_arduino print printable pulsein random radians degrees sd
  serial serialevent server servo setup shiftin shiftout softwareserial spi sq stepper stream tft tone twi udp usb usbapi usbserial util
  wifi wire wiring wiring_private word wstring yield`);

/** Files, targets and objects of the projects that a model is written into; names of devices on Windows. */
const PROJECTS = words(`
  all ar as boot2 board boards build cc ch32v clean cmake cmakecache cmakefiles cmakelists configure check cycles decimal depend edit_cache examples
  experimental fault firmware gcc help idf_component install install_local install_strip kconfig keywords ld library lib license main makefile make memory nightly
  obj objects package package_source pico platformio prj project readme rebuild_cache rules run_tests rv32 samples self_test selftest src
  start test tests toolchain_arm toolchain_riscv trap uf2 vectors zero_check
  aux clock con conin conout nul prn com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9`);

const RESERVED = new Set([...KEYWORDS, ...LIBRARY, ...HEADERS, ...ARDUINO, ...PROJECTS]);

/**
 * Whether a name is taken, in any case: one of those above, or one of the runtime's, which begin with `bnm`.
 * Names that begin with an underscore belong to the compiler.
 */
export function reservedWord(name: string): boolean {
  const word = name.toLowerCase();
  return RESERVED.has(word) || word.startsWith('bnm') || word.startsWith('_');
}
