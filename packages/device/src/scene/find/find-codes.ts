/**
 * Codes and tags: where one was drawn, if its modules can be read back from the picture's pixels. So a code
 * that is too small, cut off, or painted over is not found, as with a real reader.
 */
import { boundsOf, contains, intersect, locate, type Point, type Rect } from "../geometry.js";
import { brightness, type RawPicture } from "../pixels/pixel-format.js";
import type { CodeObject } from "../scene-object.js";
import { type Projection, toPixels } from "../view.js";

export interface FoundCode<T extends CodeObject = CodeObject> {
  readonly code: T;
  /** In whole pixels. */
  readonly rect: Rect;
  /** Clockwise from the code's own top left, in whole pixels. */
  readonly corners: readonly Point[];
  readonly center: Point;
  /** Modules that read wrong. */
  readonly errors: number;
  /** How far, on average, a module's brightness is from the border between dark and light. */
  readonly margin: number;
  /** Lines of a bar code that read right; 1 for a matrix. */
  readonly linesRead: number;
}

/** Most modules out of a hundred that may read wrong. Error correction of every kind here mends more. */
const TOLERANCE_PERCENT = 3;
/** Least brightness between dark and light modules. */
const LEAST_CONTRAST = 40;
/** Least pixels of a module's width: below it a real reader doesn't even see that there is a code. */
const LEAST_MODULE = { matrix: 1.25, bars: 0.9 };
/** Least pixels of a bar code's height in view. */
const LEAST_BAR_HEIGHT = 4;

/** `roi` in pixels of the picture; a matrix lies wholly in it, a bar code from its first bar to its last. */
export function findCodes<T extends CodeObject>(
  codes: readonly T[],
  raw: RawPicture,
  projection: Projection,
  roi: Rect,
): FoundCode<T>[] {
  return codes.flatMap((code) => findCode(code, raw, projection, roi) ?? []);
}

function findCode<T extends CodeObject>(
  code: T,
  raw: RawPicture,
  projection: Projection,
  roi: Rect,
): FoundCode<T> | null {
  const corners = code.outline.map((corner) => toPixels(projection, corner));
  const [start, end] = code.outline;
  const module = (Math.hypot(end.x - start.x, end.y - start.y) * projection.scale) / code.symbol.columns;
  const read = (rows: readonly number[]) => readModules(code, raw, projection, rows);
  return code.kind === "barcode"
    ? findBars(code, corners, module, roi, read)
    : findMatrix(code, corners, module, roi, read);
}

type ReadRows = (rows: readonly number[]) => Reading;

function findMatrix<T extends CodeObject>(
  code: T,
  corners: readonly Point[],
  module: number,
  roi: Rect,
  read: ReadRows,
): FoundCode<T> | null {
  const bounds = boundsOf(corners);
  if (module < LEAST_MODULE.matrix || !contains(roi, bounds)) return null;
  const { rows } = code.symbol;
  const reading = read(Array.from({ length: rows }, (_, row) => (row + 0.5) / rows));
  return isReadable(reading, code) ? describe(code, bounds, corners, reading, 1) : null;
}

/** Reads along every line of pixels that the bars cross. They are level, so lines are rows. */
function findBars<T extends CodeObject>(
  code: T,
  corners: readonly Point[],
  module: number,
  roi: Rect,
  read: ReadRows,
): FoundCode<T> | null {
  const bounds = boundsOf(corners);
  const inView = intersect(bounds, roi);
  if (module < LEAST_MODULE.bars || inView === null) return null;
  if (inView.w < bounds.w || inView.h < LEAST_BAR_HEIGHT) return null;
  const first = (inView.y - bounds.y + 0.5) / bounds.h;
  const good = Array.from({ length: Math.floor(inView.h) }, (_, line) =>
    read([first + line / bounds.h]),
  ).filter((reading) => isReadable(reading, code));
  const [best] = good;
  if (best === undefined) return null;
  const { x, y, w, h } = inView;
  const seen = [
    { x, y },
    { x: x + w, y },
    { x: x + w, y: y + h },
    { x, y: y + h },
  ];
  return describe(code, inView, seen, best, good.length);
}

interface Reading {
  readonly errors: number;
  readonly contrast: number;
  readonly margin: number;
}

function isReadable({ errors, contrast }: Reading, { symbol }: CodeObject): boolean {
  return contrast >= LEAST_CONTRAST && errors * 100 <= symbol.columns * symbol.rows * TOLERANCE_PERCENT;
}

/** Looks at the middle of each module; `rows`: heights within the code, 0 its top and 1 its bottom. */
function readModules(
  code: CodeObject,
  raw: RawPicture,
  projection: Projection,
  rows: readonly number[],
): Reading {
  const { symbol, pose, outline } = code;
  const width = Math.hypot(outline[1].x - outline[0].x, outline[1].y - outline[0].y);
  const height = Math.hypot(outline[3].x - outline[0].x, outline[3].y - outline[0].y);
  const samples: { readonly isDark: boolean; readonly level: number }[] = [];
  rows.forEach((down, row) => {
    for (let column = 0; column < symbol.columns; column++) {
      const u = ((column + 0.5) / symbol.columns - 0.5) * width;
      const place = toPixels(projection, locate(pose, u, (down - 0.5) * height));
      const isDark = symbol.dark[(symbol.rows === 1 ? 0 : row) * symbol.columns + column] === 1;
      samples.push({ isDark, level: levelAt(raw, place) });
    }
  });
  const mean = (dark: boolean): number => {
    const levels = samples.filter((sample) => sample.isDark === dark).map((sample) => sample.level);
    return levels.reduce((sum, level) => sum + level, 0) / levels.length;
  };
  const light = mean(false);
  const dark = mean(true);
  const border = (light + dark) / 2;
  return {
    errors: samples.filter(({ isDark, level }) => isDark !== level < border).length,
    contrast: light - dark,
    margin: samples.reduce((sum, { level }) => sum + Math.abs(level - border), 0) / samples.length,
  };
}

/** Brightness at a place between pixels, from the four around it. */
function levelAt(raw: RawPicture, { x, y }: Point): number {
  const left = Math.floor(x - 0.5);
  const top = Math.floor(y - 0.5);
  const fractionX = x - 0.5 - left;
  const fractionY = y - 0.5 - top;
  const level = (column: number, row: number): number => {
    const insideX = Math.min(Math.max(column, 0), raw.width - 1);
    const insideY = Math.min(Math.max(row, 0), raw.height - 1);
    return brightness(raw, insideY * raw.width + insideX);
  };
  const above = level(left, top) * (1 - fractionX) + level(left + 1, top) * fractionX;
  const below = level(left, top + 1) * (1 - fractionX) + level(left + 1, top + 1) * fractionX;
  return above * (1 - fractionY) + below * fractionY;
}

function describe<T extends CodeObject>(
  code: T,
  bounds: Rect,
  corners: readonly Point[],
  { errors, margin }: Reading,
  linesRead: number,
): FoundCode<T> {
  const x = Math.floor(bounds.x);
  const y = Math.floor(bounds.y);
  return {
    code,
    rect: { x, y, w: Math.ceil(bounds.x + bounds.w) - x, h: Math.ceil(bounds.y + bounds.h) - y },
    corners: corners.map((corner) => ({ x: Math.round(corner.x), y: Math.round(corner.y) })),
    center: { x: bounds.x + bounds.w / 2, y: bounds.y + bounds.h / 2 },
    errors,
    margin,
    linesRead,
  };
}
