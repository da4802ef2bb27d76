/** From the words of `--board` and `--link` to a board and a link that it has. */
import { BOARDS, type Board, type BoardChoice, LINK_NAMES, linksOf } from "@rpcgen/codegen/boards";
import { nearest } from "@rpcgen/idl/nearest";

/** @throws RangeError with the nearest name and all there are, for the person who typed it */
export function findBoard(name: string): Board {
  const board = BOARDS.find((each) => each.name === name.toLowerCase());
  if (board !== undefined) return board;
  const names = BOARDS.map((each) => each.name);
  throw new RangeError(`unknown board '${name}';${didYouMean(name, names)} there are: ${names.join(", ")}`);
}

/**
 * @param name The board's first link where it is left out: the UART.
 * @throws RangeError with the links that the board has
 */
export function chooseLink(board: Board, name: string | undefined): BoardChoice {
  const links = linksOf(board);
  const link = links.find((each) => name === undefined || each === name.toLowerCase());
  if (link !== undefined) return { board, link };
  const written = name ?? "";
  const known = LINK_NAMES.find((each) => each === written.toLowerCase());
  if (known === undefined) {
    throw new RangeError(
      `unknown link '${written}';${didYouMean(written, LINK_NAMES)} ${board.name} has: ${links.join(", ")}`,
    );
  }
  throw new RangeError(`${board.name} (${board.title}) can't serve on ${known}; it has: ${links.join(", ")}`);
}

function didYouMean(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? "" : ` did you mean ${near}?`;
}
