/** Codes as grids of modules, made by a bar code library: any reader can read them from the picture. */
import { createRequire } from "node:module";

/** `dark[row * columns + column]` is 1 where a module is printed. A bar code has one row. */
export interface MatrixSymbol {
  readonly columns: number;
  readonly rows: number;
  readonly dark: Uint8Array;
}

export interface QrCode extends MatrixSymbol {
  readonly payload: string;
  readonly version: number;
  /** As the code's format bits have it: 0 is M, 1 is L, 2 is H, 3 is Q. */
  readonly eccLevel: number;
  readonly mask: number;
  /** The highest kind of data in it: 1 digits, 2 letters and digits, 4 bytes. */
  readonly dataType: 1 | 2 | 4;
}

export interface DataMatrix extends MatrixSymbol {
  readonly payload: string;
  /** How many codewords of data it has room for, and how many of these are unused. */
  readonly capacity: number;
  readonly padding: number;
}

export interface BarCode extends MatrixSymbol {
  readonly payload: string;
  readonly type: "EAN13" | "CODE128";
}

// `raw` of the package's ES module loses its arguments; the CommonJS one of the same package does not.
const bwip: typeof import("@bwip-js/node") = createRequire(import.meta.url)("@bwip-js/node");

/** `payload`: up to 14 bytes fit into the smallest size at this level of error correction (M). */
export function encodeQrCode(payload: string): QrCode {
  const symbol = encodeMatrix("qrcode", payload, "eclevel=M fixedeclevel");
  // The first five format bits stand in row 8: two of the level and three of the mask, under a fixed pattern.
  let format = 0;
  for (let column = 0; column < 5; column++) {
    format = (format << 1) | (symbol.dark[8 * symbol.columns + column] ?? 0);
  }
  format ^= 0b10101;
  return {
    ...symbol,
    payload,
    version: (symbol.columns - 17) / 4,
    eccLevel: format >> 3,
    mask: format & 0b111,
    dataType: dataTypeOf(payload),
  };
}

function dataTypeOf(payload: string): QrCode["dataType"] {
  if (/^\d*$/.test(payload)) return 1;
  return /^[0-9A-Z $%*+\-./:]*$/.test(payload) ? 2 : 4;
}

/** Data codewords of the square sizes that payloads of this scene need, by columns. */
const DATA_MATRIX_CAPACITY: Readonly<Record<number, number>> = {
  10: 3,
  12: 5,
  14: 8,
  16: 12,
  18: 18,
  20: 22,
};

/** `payload`: ASCII, up to 22 characters. */
export function encodeDataMatrix(payload: string): DataMatrix {
  const symbol = encodeMatrix("datamatrix", payload, "encoding=ascii");
  const capacity = DATA_MATRIX_CAPACITY[symbol.columns];
  if (capacity === undefined) throw new RangeError(`"${payload}" is too long for the sizes known here`);
  // In ASCII encoding a character is a codeword, and so are two digits together.
  const used = payload.replace(/\d\d/g, "d").length;
  return { ...symbol, payload, capacity, padding: capacity - used };
}

/** `digits`: the first twelve; the payload has the check digit too. */
export function encodeEan13(digits: string): BarCode {
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  const payload = digits + String((10 - (sum % 10)) % 10);
  return { ...encodeBars("ean13", payload), payload, type: "EAN13" };
}

export function encodeCode128(payload: string): BarCode {
  return { ...encodeBars("code128", payload), payload, type: "CODE128" };
}

function encodeMatrix(kind: string, payload: string, options: string): MatrixSymbol {
  const [symbol] = bwip.raw(kind, payload, options);
  if (symbol === undefined || !("pixs" in symbol)) throw new Error(`${kind} did not give a matrix`);
  return { columns: symbol.pixx, rows: symbol.pixy, dark: Uint8Array.from(symbol.pixs) };
}

function encodeBars(kind: string, payload: string): MatrixSymbol {
  const [symbol] = bwip.raw(kind, payload, "");
  if (symbol === undefined || !("sbs" in symbol)) throw new Error(`${kind} did not give bars`);
  // Widths, a bar and a space by turns, from the first bar to the last.
  const dark = symbol.sbs.flatMap((width, index) => Array<number>(width).fill(index % 2 === 0 ? 1 : 0));
  return { columns: dark.length, rows: 1, dark: Uint8Array.from(dark) };
}
