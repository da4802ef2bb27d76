/** What code generators need: the types of the model and the hash of names. Nothing of syntax. */
export { hashName } from "./hash-name.js";
export * from "./model.js";
