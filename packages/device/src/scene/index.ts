/**
 * The scene as a JavaScript module of MicroPython: what `csi.py` and `image.py` call as `_scene`. Pictures
 * stay in MicroPython's memory, where calls find them by address; requests and lists go as JSON text. The
 * Python side checks what scripts give, so an exception here is a mistake of ours.
 */
import type { PythonMemory } from "../board/python-memory.js";
import { createScene, type Scene } from "./create-scene.js";
import { findBlobs } from "./find/find-blobs.js";
import { findCodes } from "./find/find-codes.js";
import { findFaces } from "./find/find-faces.js";
import { counterClockwise, poseOfTag } from "./find/tag-pose.js";
import { adjustTone } from "./pixels/adjust-tone.js";
import { encodeJpeg } from "./pixels/jpeg.js";
import { markArea, markLine } from "./pixels/marks.js";
import { storePicture } from "./pixels/pixel-format.js";
import type { ObjectsByKind } from "./scene-object.js";
import {
  type AreaRequest,
  type BlobsRequest,
  type FindRequest,
  type FindTagsRequest,
  type JpegRequest,
  type LineRequest,
  type PictureRequest,
  pairOf,
  projectionOfRequest,
  rawPicture,
  rectOf,
  type TakenRequest,
  type ToneRequest,
  tupleOf,
  viewOf,
} from "./scene-requests.js";

export { createScene, type Scene } from "./create-scene.js";

export interface SceneModuleOptions {
  readonly seed: number;
  /** The scene's time in milliseconds; left out, it starts at 0 with the module. */
  readonly now?: () => number;
}

/** Each function takes the picture's address and length in bytes, then its request. */
type PictureFunction = (address: number, byteLength: number, request: string) => string | number;

/** The functions of the Python module `_scene`, for `registerJsModule`. */
export type SceneModule = Record<string, PictureFunction>;

export function createSceneModule(memory: PythonMemory, options: SceneModuleOptions): SceneModule {
  const scene = createScene(options.seed);
  const startMs = performance.now();
  const now = options.now ?? (() => performance.now() - startMs);
  return {
    ...createCameraPart(memory, scene, now),
    ...createFinderPart(memory, scene),
    ...createPixelPart(memory),
  };
}

/** Reads the request and hands the picture over; `run` returns what goes back to Python. */
function overPicture<R extends PictureRequest>(
  memory: PythonMemory,
  run: (picture: ReturnType<typeof rawPicture>, request: R) => string | number,
): PictureFunction {
  return (address, byteLength, text) => {
    const request: R = JSON.parse(text);
    return run(rawPicture(request, memory.view(address, byteLength)), request);
  };
}

function createCameraPart(memory: PythonMemory, scene: Scene, now: () => number): SceneModule {
  return {
    /** Takes a picture; returns its time in whole milliseconds. */
    snapshot: overPicture<Omit<TakenRequest, "time_ms">>(memory, (raw, request) => {
      const timeMs = Math.floor(now());
      const { window } = viewOf({ ...request, time_ms: timeMs });
      storePicture(scene.draw(timeMs, ...request.frame, window), raw);
      return timeMs;
    }),
  };
}

function createFinderPart(memory: PythonMemory, scene: Scene): SceneModule {
  const objects = <K extends keyof ObjectsByKind>(kind: K, { time_ms }: TakenRequest): ObjectsByKind[K][] =>
    scene.objectsAt(time_ms).filter((object): object is ObjectsByKind[K] => object.kind === kind);

  const codeFinder = <K extends "qrcode" | "datamatrix" | "barcode">(
    kind: K,
    details: (symbol: ObjectsByKind[K]["symbol"]) => object,
  ): PictureFunction =>
    overPicture<FindRequest>(memory, (raw, request) => {
      const found = findCodes(objects(kind, request), raw, projectionOfRequest(request), rectOf(request.roi));
      return JSON.stringify(
        found.map(({ code, rect, corners, linesRead }) => ({
          rect: tupleOf(rect),
          corners: corners.map(pairOf),
          payload: code.symbol.payload,
          rotation: counterClockwise(code.pose.angle),
          lines_read: linesRead,
          ...details(code.symbol),
        })),
      );
    });

  return {
    find_faces: overPicture<FindRequest>(memory, (raw, request) => {
      const faces = findFaces(
        objects("face", request),
        raw,
        projectionOfRequest(request),
        rectOf(request.roi),
      );
      return JSON.stringify(faces.map(tupleOf));
    }),
    find_qrcodes: codeFinder("qrcode", ({ version, eccLevel, mask, dataType }) => ({
      ...{ version, ecc_level: eccLevel, mask, data_type: dataType },
    })),
    find_datamatrices: codeFinder("datamatrix", ({ rows, columns, capacity, padding }) => ({
      ...{ rows, columns, capacity, padding },
    })),
    find_barcodes: codeFinder("barcode", ({ type }) => ({ type })),
    find_apriltags: overPicture<FindTagsRequest>(memory, (raw, request) => {
      const projection = projectionOfRequest(request);
      const [fx, fy, cx, cy] = request.lens;
      const found = findCodes(objects("apriltag", request), raw, projection, rectOf(request.roi));
      return JSON.stringify(
        found.map((tag) => ({
          rect: tupleOf(tag.rect),
          corners: tag.corners.map(pairOf),
          center: pairOf(tag.center),
          id: tag.code.id,
          margin: tag.margin,
          hamming: tag.errors,
          ...poseOfTag(tag, projection, { fx, fy, cx, cy }),
        })),
      );
    }),
  };
}

function createPixelPart(memory: PythonMemory): SceneModule {
  let encoded: Uint8Array = new Uint8Array(0);
  return {
    /** Compresses, keeps the file for `read_jpeg`, and returns its size. */
    encode_jpeg: overPicture<JpegRequest>(memory, (raw, { quality, subsampling }) => {
      encoded = encodeJpeg(raw, quality, subsampling);
      return encoded.length;
    }),
    /** Copies the file of the last `encode_jpeg` to an address. */
    read_jpeg(address, byteLength) {
      memory.view(address, byteLength).set(encoded);
      return encoded.length;
    },
    find_blobs: overPicture<BlobsRequest>(memory, (raw, request) => {
      const blobs = findBlobs(raw, {
        thresholds: request.thresholds,
        invert: request.invert,
        roi: rectOf(request.roi),
        xStride: request.strides[0],
        yStride: request.strides[1],
        areaThreshold: request.area_threshold,
        pixelsThreshold: request.pixels_threshold,
        merge: request.merge,
        margin: request.margin,
      });
      return JSON.stringify(
        blobs.map(({ rect, center, corners, minCorners, ...rest }) => ({
          ...rest,
          rect: tupleOf(rect),
          center: pairOf(center),
          corners: corners.map(pairOf),
          min_corners: minCorners.map(pairOf),
        })),
      );
    }),
    adjust_tone: overPicture<ToneRequest>(memory, (raw, tone) => {
      adjustTone(raw, tone);
      return 0;
    }),
    mark_line: overPicture<LineRequest>(memory, (raw, { line, value, thickness }) => {
      markLine(raw, line, value, thickness);
      return 0;
    }),
    mark_area: overPicture<AreaRequest>(memory, (raw, { area, value }) => {
      markArea(raw, rectOf(area), value);
      return 0;
    }),
  };
}
