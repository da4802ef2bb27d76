/**
 * What must hold of one schema: TypeScript and MicroPython pack the same bytes, each reads what the other
 * packed, sizes are as promised, and both refuse what is none of its type.
 */

import { lateChecks } from "./check-late.js";
import { echoChecks, failureChecks, singleChecks } from "./check-messages.js";
import { wrongByteChecks, wrongValueChecks } from "./check-refusals.js";
import { acceptChecks, bulkChecks, streamChecks } from "./check-transfers.js";
import { wrongItemChecks } from "./check-wrong-items.js";
import { type Batch, callBoard } from "./load-batch.js";
import type { Random } from "./random-value.js";
import type { Check } from "./spelled-message.js";

/** Checks the schema of that index; throws what `expect` throws. */
export function checkSchema(batch: Batch, index: number, random: Random): void {
  const functions = batch.schemas[index] ?? [];
  const [echo, only, items, take, load, once, late] = functions;
  if (!echo || !only || !items || !take || !load || !once || !late) {
    throw new Error("a schema has seven functions");
  }
  const checks: Check[] = [];
  for (const wish of ["any", "any", "shortest", "longest"] as const) {
    checks.push(...echoChecks(echo, random, wish), ...echoChecks(once, random, wish));
    checks.push(...singleChecks(only, random, wish), ...failureChecks(batch, echo, random, wish));
    checks.push(...streamChecks(items, random, wish), ...acceptChecks(take, random, wish));
    checks.push(...bulkChecks(load, random, wish));
  }
  checks.push(...wrongValueChecks(echo, random), ...wrongByteChecks(echo, random));
  checks.push(
    ...wrongByteChecks(once, random),
    ...wrongItemChecks(take, random),
    ...lateChecks(late, random),
  );
  const answers = callBoard(batch.board, `S${index}`, checks);
  checks.forEach((check, i) => {
    const answer = answers[i];
    if (answer === undefined) throw new Error("an answer for each call");
    check.verify(answer);
  });
}
