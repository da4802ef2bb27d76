/** Freezes a value with everything in it: the model is shared by all targets and changed by none. */
export function deepFreeze<T>(value: T): T {
  // A chain of aliases is as deep as the file is long: a stack of its own instead of the machine's.
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== "object" || one === null || Object.isFrozen(one)) continue;
    Object.freeze(one);
    for (const part of Object.values(one)) open.push(part);
  }
  return value;
}
