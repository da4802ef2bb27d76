/** The shapes that everything in the scene is made of, as distances with the bounds they lie in. */
import { boundsOf, type Pose, quadOf, type Rect } from "../geometry.js";

export interface Shape {
  readonly bounds: Rect;
  /** How far a place is outside the shape, in world units; negative inside. */
  readonly distance: (x: number, y: number) => number;
}

/** An ellipse with half axes `rx` and `ry` along its own directions. */
export function ellipse(pose: Pose, rx: number, ry: number): Shape {
  const cos = Math.cos(pose.angle);
  const sin = Math.sin(pose.angle);
  return {
    bounds: boundsOf(quadOf(pose, rx * 2, ry * 2)),
    distance: (x, y) => {
      const u = ((x - pose.x) * cos + (y - pose.y) * sin) / rx;
      const v = ((y - pose.y) * cos - (x - pose.x) * sin) / ry;
      const reach = Math.sqrt(u * u + v * v);
      if (reach === 0) return -Math.min(rx, ry);
      // The step to the edge divided by how fast one nears it here: good close to the edge, where it matters.
      return (reach * (reach - 1)) / Math.sqrt((u * u) / (rx * rx) + (v * v) / (ry * ry));
    },
  };
}

/** A rectangle, with round corners where `radius` is given. */
export function box(pose: Pose, width: number, height: number, radius = 0): Shape {
  const cos = Math.cos(pose.angle);
  const sin = Math.sin(pose.angle);
  const halfWidth = width / 2 - radius;
  const halfHeight = height / 2 - radius;
  return {
    bounds: boundsOf(quadOf(pose, width, height)),
    distance: (x, y) => {
      const u = Math.abs((x - pose.x) * cos + (y - pose.y) * sin) - halfWidth;
      const v = Math.abs((y - pose.y) * cos - (x - pose.x) * sin) - halfHeight;
      const outside = u > 0 && v > 0 ? Math.sqrt(u * u + v * v) : Math.max(u, v);
      return outside - radius;
    },
  };
}

/** What is in the first and not in the second. */
export function cut(one: Shape, other: Shape): Shape {
  return { bounds: one.bounds, distance: (x, y) => Math.max(one.distance(x, y), -other.distance(x, y)) };
}

/** What is in both. */
export function both(one: Shape, other: Shape): Shape {
  return { bounds: one.bounds, distance: (x, y) => Math.max(one.distance(x, y), other.distance(x, y)) };
}
