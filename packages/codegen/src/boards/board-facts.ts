/**
 * The boards, as their firmware has them. Each fact was read in the sources named beside it; a number is the
 * one that a script passes to the constructor of the bus. Heap: the largest of the firmware's blocks, as a
 * result must fit into one piece.
 */
import type { Board } from "./board.js";

const KIB = 1024;
const MIB = 1024 * KIB;

/** OpenMV's firmware, July 2026. */
const openmv = (path: string): string => `openmv/openmv ${path}`;
const micropython = (path: string): string => `micropython/micropython ${path}`;
const EXAMPLES = "scripts/examples/50-OpenMV-Boards";

export const BOARDS: readonly Board[] = [
  {
    name: "openmv-h7",
    title: "OpenMV Cam H7",
    rpcFrozen: true,
    pybBuses: true,
    uart: { id: "3", pins: "TX is P4, RX is P5", stock: true },
    // `pyb.CAN.recv` gives five values today; the firmware's library unpacks four.
    can: { id: "2", pins: "TX is P2, RX is P3, through a transceiver", stock: false },
    i2c: { id: "2", pins: "SCL is P4, SDA is P5", stock: true },
    spi: { id: "2", select: "P3", pins: "MOSI is P0, MISO is P1, SCLK is P2, select is P3", stock: true },
    network: null,
    floatBits: 32,
    heapBytes: 264 * KIB,
    sources: [
      openmv("boards/OPENMV4/board_config.h"),
      openmv("boards/OPENMV4/manifest.py"),
      openmv(`${EXAMPLES}/50-STM32-Boards/50-Board-Control/can.py`),
      openmv("scripts/libraries/rpc.py"),
    ],
  },
  {
    name: "openmv-rt1062",
    title: "OpenMV Cam RT1062",
    rpcFrozen: true,
    pybBuses: false,
    uart: { id: "1", pins: "TX is P4, RX is P5", stock: true },
    can: { id: "0", pins: "TX is P2, RX is P3, through a transceiver", stock: false },
    i2c: { id: "1", pins: "SCL is P4, SDA is P5", stock: false },
    spi: null,
    network: "WLAN",
    floatBits: 32,
    heapBytes: 8 * MIB,
    sources: [
      openmv("boards/OPENMV_RT1060/board_config.h"),
      openmv("boards/OPENMV_RT1060/manifest.py"),
      openmv(`${EXAMPLES}/50-IMXRT-Boards/50-Board-Control/{uart,i2c,spi}_control.py, can.py`),
      "openmv/micropython ports/mimxrt/boards/OPENMV_RT1060/mpconfigboard.mk",
    ],
  },
  {
    name: "openmv-n6",
    title: "OpenMV N6",
    rpcFrozen: true,
    // MICROPY_PY_PYB_LEGACY is 0: `pyb` is there without its buses.
    pybBuses: false,
    uart: { id: "3", pins: "TX is P4, RX is P5", stock: true },
    can: { id: "1", pins: "TX is P2, RX is P3, through a transceiver", stock: false },
    i2c: { id: "2", pins: "SCL is P4, SDA is P5", stock: false },
    spi: null,
    network: "WLAN",
    floatBits: 32,
    heapBytes: 24 * MIB,
    sources: [
      openmv("boards/OPENMV_N6/board_config.h"),
      openmv("boards/OPENMV_N6/manifest.py"),
      openmv(`${EXAMPLES}/53-N6-Boards/50-Board-Control/{uart,i2c,spi}_control.py, can.py`),
      micropython("ports/stm32/boards/OPENMV_N6/mpconfigboard.h"),
    ],
  },
  {
    name: "openmv-ae3",
    title: "OpenMV AE3",
    rpcFrozen: false,
    pybBuses: false,
    uart: { id: "1", pins: "TX is P4, RX is P5", stock: false },
    can: { id: "1", pins: "TX is P4, RX is P5, through a transceiver", stock: false },
    i2c: { id: "1", pins: "SCL is P4, SDA is P5", stock: false },
    spi: null,
    network: "WLAN",
    floatBits: 32,
    heapBytes: 4 * MIB,
    sources: [
      openmv("boards/OPENMV_AE3/board_config.h"),
      openmv("boards/OPENMV_AE3/manifest.py"),
      openmv(`${EXAMPLES}/52-Alif-Boards/50-Board-Control/{uart,i2c,spi}_control.py, can.py`),
      micropython("ports/alif/boards/OPENMV_AE3/mpconfigboard.h"),
    ],
  },
  {
    name: "nicla-vision",
    title: "Arduino Nicla Vision",
    rpcFrozen: true,
    pybBuses: true,
    uart: { id: '"LP1"', pins: "TX is PA9, RX is PA10", stock: true },
    can: { id: "1", pins: "TX is PB9, RX is PB8, through a transceiver", stock: false },
    i2c: { id: "1", pins: "SCL is PB8, SDA is PB9", stock: true },
    spi: {
      id: "4",
      select: "PE11",
      pins: "MOSI is PE14, MISO is PE13, SCLK is PE12, select is PE11",
      stock: true,
    },
    network: "WLAN",
    floatBits: 32,
    heapBytes: 276 * KIB,
    sources: [
      openmv("boards/ARDUINO_NICLA_VISION/board_config.h"),
      openmv("boards/ARDUINO_NICLA_VISION/manifest.py"),
      micropython("ports/stm32/boards/ARDUINO_NICLA_VISION/mpconfigboard.h, pins.csv"),
    ],
  },
  {
    name: "portenta-h7",
    title: "Arduino Portenta H7",
    rpcFrozen: true,
    pybBuses: true,
    // UART 1, on the pins D14 and D13, carries the MicroPython prompt.
    uart: { id: "8", pins: "TX is PJ8, RX is PJ9", stock: true },
    can: { id: "1", pins: "TX is PH13, RX is PB8, through a transceiver", stock: false },
    i2c: { id: "3", pins: "SCL is PH7 (D12), SDA is PH8 (D11)", stock: true },
    spi: {
      id: "2",
      select: "PI0",
      pins: "MOSI is PC3 (D8), MISO is PC2 (D10), SCLK is PI1 (D9), select is PI0 (D7)",
      stock: true,
    },
    network: "WLAN",
    floatBits: 32,
    heapBytes: 2560 * KIB,
    sources: [
      openmv("boards/ARDUINO_PORTENTA_H7/board_config.h"),
      openmv("boards/ARDUINO_PORTENTA_H7/manifest.py"),
      micropython("ports/stm32/boards/ARDUINO_PORTENTA_H7/mpconfigboard.h, pins.csv"),
    ],
  },
  {
    name: "giga",
    title: "Arduino Giga R1 WiFi",
    rpcFrozen: true,
    pybBuses: true,
    // UART 1 carries the MicroPython prompt.
    uart: { id: "2", pins: "TX is PD5, RX is PD6", stock: true },
    can: null,
    i2c: { id: "1", pins: "SCL is PB8, SDA is PB9", stock: true },
    spi: {
      id: "5",
      select: "PK1",
      pins: "MOSI is PJ10, MISO is PJ11, SCLK is PH6, select is PK1",
      stock: true,
    },
    network: "WLAN",
    floatBits: 32,
    heapBytes: 2560 * KIB,
    sources: [
      openmv("boards/ARDUINO_GIGA/board_config.h"),
      openmv("boards/ARDUINO_GIGA/manifest.py"),
      micropython("ports/stm32/boards/ARDUINO_GIGA/mpconfigboard.h, pins.csv"),
    ],
  },
  {
    name: "rp2040",
    title: "RP2040 board, such as the Raspberry Pi Pico",
    rpcFrozen: false,
    pybBuses: false,
    uart: { id: "0", pins: "TX is GP0, RX is GP1", stock: false },
    can: null,
    i2c: { id: "0", pins: "SCL is GP9, SDA is GP8 on a Pico", stock: false },
    spi: null,
    network: null,
    floatBits: 32,
    heapBytes: 190 * KIB,
    sources: [micropython("docs/rp2/quickref.rst"), micropython("docs/library/machine.I2CTarget.rst")],
  },
  {
    name: "esp32",
    title: "ESP32 board",
    rpcFrozen: false,
    pybBuses: false,
    // UART 0 carries the MicroPython prompt, and the pins of UART 1 are the flash memory's.
    uart: { id: "2", pins: "TX is GPIO 17, RX is GPIO 16", stock: false },
    can: null,
    i2c: { id: "0", pins: "SCL is GPIO 18, SDA is GPIO 19", stock: false },
    spi: null,
    network: "WLAN",
    floatBits: 32,
    heapBytes: null,
    sources: [micropython("docs/esp32/quickref.rst"), micropython("docs/library/machine.I2CTarget.rst")],
  },
  {
    name: "generic",
    title: "any other MicroPython board",
    rpcFrozen: false,
    pybBuses: false,
    uart: { id: "1", pins: "number and pins are those of your board", stock: false },
    can: { id: "1", pins: "needs machine.CAN; the number is that of your board", stock: false },
    i2c: { id: "0", pins: "needs machine.I2CTarget; the number is that of your board", stock: false },
    spi: null,
    network: "WLAN",
    floatBits: 32,
    heapBytes: null,
    sources: [
      micropython("docs/library/machine.UART.rst"),
      micropython("docs/library/machine.CAN.rst"),
      micropython("docs/library/machine.I2CTarget.rst"),
    ],
  },
];
