import { expect, it } from "vitest";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createHeaderLedger } from "./header-ledger.js";

const KEPT_MS = 3000;

function setUp() {
  const clock = createVirtualClock();
  const ledger = createHeaderLedger(clock, KEPT_MS);
  const send = (count: number) => {
    for (let each = 0; each < count; each++) ledger.noteSent();
  };
  return { clock, ledger, send };
}

it("takes an acknowledgement for that of the oldest header that is open", () => {
  const { ledger, send } = setUp();
  send(3);
  expect([ledger.last, ledger.open, ledger.heard]).toEqual([3, 3, 0]);
  ledger.noteHeard();
  expect([ledger.open, ledger.heard]).toEqual([2, 1]);
  ledger.close(2);
  ledger.noteHeard();
  expect([ledger.open, ledger.heard]).toEqual([0, 3]);
  ledger.noteHeard();
  expect(ledger.heard).toBe(0);
});

it("counts those as missed that no line can hold back any more", async () => {
  const { clock, ledger, send } = setUp();
  send(2);
  await clock.advance(KEPT_MS - 1);
  expect(ledger.open).toBe(2);
  send(1);
  await clock.advance(2);
  expect(ledger.open).toBe(1);
  ledger.noteHeard();
  expect(ledger.heard).toBe(3);
});

it("expects one acknowledgement that it knows nothing of where the other end may be a new one", () => {
  const { ledger, send } = setUp();
  send(5);
  ledger.beginAnew();
  const mark = ledger.last;
  send(2);
  ledger.noteHeard();
  expect(ledger.heard).toBe(mark);
  ledger.noteHeard();
  expect(ledger.heard).toBeGreaterThan(mark);
});

it("knows a slave that misses headers by three writes that are acknowledged in part, and ours by one that is whole", () => {
  const { ledger } = setUp();
  ledger.noteTogether(2, 1);
  ledger.noteTogether(2, 0);
  ledger.noteTogether(2, 1);
  expect(ledger.isMissing).toBe(false);
  ledger.noteTogether(2, 1);
  expect(ledger.isMissing).toBe(true);
  ledger.noteTogether(2, 0);
  expect(ledger.isMissing).toBe(true);
  ledger.noteTogether(2, 2);
  expect(ledger.isMissing).toBe(false);
});
