import { fileURLToPath } from "node:url";

/** The folder of this repository, with a slash at its end: what the documented commands run in. */
export const REPOSITORY: string = fileURLToPath(new URL("../../", import.meta.url));
