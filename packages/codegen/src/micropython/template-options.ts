/** How the templates are compiled, here and in the bundled command. What a view lacks is a mistake. */
export const templateOptions = { noEscape: true, strict: true, preventIndent: false };
