/** What the camera's Python modules ask of the scene, as JSON text; their fields are filled in there. */
import type { Point, Rect } from "./geometry.js";
import type { Subsampling } from "./pixels/jpeg.js";
import type { PixelFormat, RawPicture } from "./pixels/pixel-format.js";
import { projectionOf, type View } from "./view.js";

/** x, y, width, height. */
export type RectTuple = readonly [number, number, number, number];

/** A picture in MicroPython's memory. */
export interface PictureRequest {
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
}

/** A picture that the camera took: when, and which part of which frame. */
export interface TakenRequest extends PictureRequest {
  readonly time_ms: number;
  readonly frame: readonly [number, number];
  /** Of the picture's top left pixel, in the frame. */
  readonly origin: readonly [number, number];
}

export interface FindRequest extends TakenRequest {
  readonly roi: RectTuple;
}

export interface FindTagsRequest extends FindRequest {
  readonly lens: RectTuple;
}

export interface BlobsRequest extends PictureRequest {
  readonly roi: RectTuple;
  readonly thresholds: readonly (readonly number[])[];
  readonly invert: boolean;
  readonly strides: readonly [number, number];
  readonly area_threshold: number;
  readonly pixels_threshold: number;
  readonly merge: boolean;
  readonly margin: number;
}

export interface JpegRequest extends PictureRequest {
  readonly quality: number;
  readonly subsampling: Subsampling;
}

export interface ToneRequest extends PictureRequest {
  readonly gamma: number;
  readonly contrast: number;
  readonly brightness: number;
}

export interface LineRequest extends PictureRequest {
  readonly line: readonly [number, number, number, number];
  readonly value: number;
  readonly thickness: number;
}

export interface AreaRequest extends PictureRequest {
  readonly area: RectTuple;
  readonly value: number;
}

export function rectOf([x, y, w, h]: RectTuple): Rect {
  return { x, y, w, h };
}

export function tupleOf({ x, y, w, h }: Rect): RectTuple {
  return [x, y, w, h];
}

export function pairOf({ x, y }: Point): readonly [number, number] {
  return [x, y];
}

export function rawPicture({ format, width, height }: PictureRequest, bytes: Uint8Array): RawPicture {
  return { format, width, height, bytes };
}

export function viewOf({ width, height, frame, origin }: TakenRequest): View {
  const window = { x: origin[0], y: origin[1], w: width, h: height };
  return { frameWidth: frame[0], frameHeight: frame[1], window };
}

export const projectionOfRequest = (request: TakenRequest) => projectionOf(viewOf(request));
