/** The door to all links by their URLs: finding what there is, and opening it. */
export { LINK_KINDS, type LinkKind, type LinkRole, type LinkUrl, parseLinkUrl } from "./link-url.js";
export { type ListedPort, type ListPortsOptions, listPorts } from "./list-ports.js";
export { type OpenLinkOptions, openLink } from "./open-link.js";
