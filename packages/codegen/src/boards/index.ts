/** The boards that scripts can be written for; a door of its own, so that `rpcgen --help` waits for no generator. */
export {
  type Board,
  type BoardBus,
  type BoardChoice,
  LINK_NAMES,
  type LinkName,
  linksOf,
  needsOwnLibrary,
} from "./board.js";
export { BOARDS } from "./board-facts.js";
