import { describe, expect, it } from "vitest";
import { RpcError } from "../errors.js";
import { badArgument, badResult, Misfit, misfit, within } from "./misfit.js";

describe("the path of a misfit", () => {
  it("grows from the inside", () => {
    const error = within(within(within(misfit("x", 70000, "a u16"), "corners[1]"), "[2]"), "tags");
    expect(badArgument(error, "encode").message).toBe("tags[2].corners[1].x: 70000 is not a u16");
  });

  it("may be empty", () => {
    expect(badResult(misfit("", undefined, "a Rect"), "decode").message).toBe("undefined is not a Rect");
  });
});

describe("values in messages", () => {
  it.each<[unknown, string]>([
    ["a".repeat(60), `"${"a".repeat(39)}…`],
    [10n ** 60n, `1${"0".repeat(39)}…`],
    [-0, "-0"],
    [null, "null"],
    [[1], "[Array]"],
    [() => 1, "a function"],
    [Symbol("s"), "a symbol"],
  ])("%s", (value, shown) => {
    expect(misfit("x", value, "it").reason).toBe(`${shown} is not it`);
  });
});

describe("the error of a message", () => {
  it("says which side of the call it was, and whether the function ran", () => {
    const error = new Misfit("x", "is wrong");
    expect(badArgument(error, "encode")).toMatchObject({
      code: "bad-argument",
      phase: "encode",
      executed: "no",
    });
    expect(badArgument(error, "decode")).toMatchObject({
      code: "bad-argument",
      phase: "decode",
      executed: "no",
    });
    expect(badResult(error, "encode")).toMatchObject({
      code: "bad-result",
      phase: "encode",
      executed: "yes",
    });
    expect(badResult(error, "decode")).toMatchObject({
      code: "bad-result",
      phase: "decode",
      executed: "yes",
    });
  });

  it("keeps an RpcError as it is, and takes in what a getter threw", () => {
    const remote = new RpcError("remote-failure", "no", { phase: "result", executed: "yes" });
    expect(badResult(remote, "decode")).toBe(remote);
    const thrown = new TypeError("getter failed");
    expect(badArgument(within(thrown, "tags[1]"), "encode")).toMatchObject({
      message: "tags[1]: getter failed",
      cause: thrown,
    });
    expect(badArgument("text", "encode").message).toBe("text");
  });
});
