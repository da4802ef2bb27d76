/**
 * Which USB ids belong to boards that run OpenMV's firmware, or commonly MicroPython. Read from the firmware's
 * board files; the older 1209:ABD1 from OpenMV's own editor, which still looks for it.
 */
import type { PortInfo } from "./serial-port.js";

const OPENMV_VENDOR = "37c5";
const ARDUINO_VENDOR = "2341";

const OPENMV_PRODUCTS: Readonly<Record<string, string>> = {
  "1202": "OpenMV Cam M4",
  "1203": "OpenMV Cam M7",
  "1204": "OpenMV Cam H7",
  "124a": "OpenMV Cam H7 Plus",
  "1205": "OpenMV Pure Thermal",
  "1060": "OpenMV Cam RT1062",
  "1206": "OpenMV N6",
  "16e3": "OpenMV AE3",
};

/** By the low byte: the high one says whether the bootloader, a sketch or MicroPython is running. */
const ARDUINO_PRODUCTS: Readonly<Record<string, string>> = {
  "5b": "Arduino Portenta H7",
  "5e": "Arduino Nano RP2040 Connect",
  "5f": "Arduino Nicla Vision",
  "66": "Arduino Giga",
};

/** The board's name, or null where the ids are nobody's that is known here. */
export function boardOf(port: Pick<PortInfo, "vendorId" | "productId">): string | null {
  const vendor = port.vendorId?.toLowerCase() ?? "";
  const product = port.productId?.toLowerCase().padStart(4, "0") ?? "";
  if (vendor === OPENMV_VENDOR) return OPENMV_PRODUCTS[product] ?? "OpenMV board";
  if (vendor === "1209" && product === "abd1") return "OpenMV Cam";
  if (vendor === ARDUINO_VENDOR) return ARDUINO_PRODUCTS[product.slice(2)] ?? null;
  return null;
}
