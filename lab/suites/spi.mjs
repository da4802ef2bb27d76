// CAN between two processes.
import { it } from "node:test";

it("x", () => {});
