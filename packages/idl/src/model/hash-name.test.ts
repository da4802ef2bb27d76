import { expect, test } from "vitest";
import { hashName } from "./hash-name.js";

test.each([
  ["jpeg_snapshot", 0x46306c0e],
  ["face_detection", 0x48345454],
  ["color_detection", 0xe17ca3e8],
  ["raw_image_read", 0xda0f73b4],
  ["", 5381],
])("%s is %i", (name, id) => {
  expect(hashName(name)).toBe(id);
});
