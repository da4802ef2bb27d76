/** The boards that scripts can be written for. */
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
