import { expect, it } from "vitest";
import { explainOpening } from "./serial-port.js";

// Who runs the tests may be allowed everything, so these are the package's words.
it.each([
  ["Error: Permission denied, cannot open /dev/ttyACM0", "sudo usermod -aG dialout $USER"],
  ["Opening /dev/ttyACM0: Access denied", "no permission"],
  ["Error: No such device, cannot open /dev/ttyACM0", "there is no such port"],
  ["Error: Device or resource busy, cannot open /dev/ttyACM0", "another program has it open (EBUSY)"],
  ["Error: Out of memory, cannot open /dev/ttyACM0", "/dev/ttyACM0: Out of memory"],
])("explains '%s'", (said, text) => {
  const explained = explainOpening(new Error(said), "/dev/ttyACM0");
  expect(explained).toMatchObject({ code: "link-failure", phase: "open", executed: "no" });
  expect(explained.message).toContain(text);
});
