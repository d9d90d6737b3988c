/**
 * What is in this repository, as texts: for the tests that hold it to its own rules.
 *
 * @module
 */

import { REPOSITORY } from "./paths.ts";

/** A text file of the repository. */
export interface TreeFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Folders that hold nothing written by hand; `.gitignore` keeps the built ones out. */
const NOT_OURS = new Set([".git", "cov", "node_modules", "firmware/build"]);
const TEXT = /(\.(ts|js|json|md|c|h|hex|html|css|toml|ini|sh|yml|yaml|lock)|Makefile|LICENSE|run)$/;

/** Every text file of the repository, sorted by path. */
export async function readTree(): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  await walk("", files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function walk(folder: string, files: TreeFile[]): Promise<void> {
  for await (const entry of Deno.readDir(REPOSITORY + folder)) {
    const path = folder + entry.name;
    if (entry.isDirectory && !NOT_OURS.has(path)) await walk(`${path}/`, files);
    if (entry.isFile && TEXT.test(path)) {
      files.push({ path, text: await Deno.readTextFile(REPOSITORY + path) });
    }
  }
}

/** The text of a module without comments, line for line where it was. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/(^|\s)\/\/.*$/gm, "");
}

/** What a module imports, at once, lazily or for a Worker; relative ones as paths of the tree. */
export function importsOf(file: TreeFile): string[] {
  const text = withoutComments(file.text);
  const found = [
    ...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g),
    ...text.matchAll(/new URL\(\s*"(\.[^"]+)",\s*import\.meta\.url/g),
  ];
  return found.map(([, specifier = ""]) =>
    specifier.startsWith(".")
      ? new URL(specifier, `file:///${file.path}`).pathname.slice(1)
      : specifier
  );
}
