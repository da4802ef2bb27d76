/** Which part of the world a picture shows, and how large: the camera's frame size and its window. */
import { type Point, type Rect, WORLD_HEIGHT, WORLD_WIDTH } from "./geometry.js";

export interface View {
  /** The frame size that the sensor is set to, in pixels. */
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** The part of that frame which the picture holds, in pixels of the frame. */
  readonly window: Rect;
}

/** From world units to pixels of the picture: `(unit - origin) * scale`. */
export interface Projection {
  readonly scale: number;
  readonly originX: number;
  readonly originY: number;
}

export function wholeView(width: number, height: number): View {
  return { frameWidth: width, frameHeight: height, window: { x: 0, y: 0, w: width, h: height } };
}

/** The world covers the frame, centred; a frame that isn't 4:3 cuts off what overhangs. */
export function projectionOf(view: View): Projection {
  const scale = Math.max(view.frameWidth / WORLD_WIDTH, view.frameHeight / WORLD_HEIGHT);
  const marginX = (WORLD_WIDTH * scale - view.frameWidth) / 2;
  const marginY = (WORLD_HEIGHT * scale - view.frameHeight) / 2;
  return {
    scale,
    originX: (marginX + view.window.x) / scale,
    originY: (marginY + view.window.y) / scale,
  };
}

export function toPixels(projection: Projection, point: Point): Point {
  return {
    x: (point.x - projection.originX) * projection.scale,
    y: (point.y - projection.originY) * projection.scale,
  };
}
