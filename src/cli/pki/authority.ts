/**
 * A small CA in a folder: `ca.pem`, `ca.key`, `revoked.pem`, `issued/` with every certificate that
 * it has signed, and a pair of files for each server and client until they are carried there.
 *
 * @module
 */
import { FandError } from "../../errors.ts";
import {
  newCa,
  newCertificate,
  newList,
  readCertificate,
  readList,
  readSigner,
  type Signer,
  type Told,
  type Use,
} from "./issued.ts";

/** Where a certificate and its key were written. */
export interface Written {
  readonly cert: string;
  readonly key: string;
  readonly endMs: number;
}

/** A certificate that was signed here. */
export interface Listed extends Told {
  /** When it was revoked; null: it was not. */
  readonly revokedMs: number | null;
}

const OWNER_ONLY = 0o600;
const EVERYBODY = 0o644;

/** The CA of one folder. */
export class Authority {
  readonly #folder: string;
  readonly #signer: Signer;

  private constructor(folder: string, signer: Signer) {
    this.#folder = folder;
    this.#signer = signer;
  }

  /**
   * Makes a CA, and an empty revocation list.
   *
   * @throws {FandError} when there is one already; it is never replaced.
   */
  static async init(
    folder: string,
    { name, days }: { name: string; days: number },
    nowMs: number,
  ): Promise<Authority> {
    await requireAccess(folder);
    return await told(folder, async () => {
      await Deno.mkdir(`${folder}/issued`, { recursive: true });
      const { cert, key } = await newCa(name, days, nowMs);
      await create(`${folder}/ca.key`, key, OWNER_ONLY);
      await create(`${folder}/ca.pem`, cert, EVERYBODY);
      const signer = await readSigner(cert, key);
      await create(`${folder}/revoked.pem`, await newList(signer, [], nowMs), EVERYBODY);
      return new Authority(folder, signer);
    });
  }

  /**
   * Opens the CA of a folder.
   *
   * @throws {FandError} when there is none, or it cannot be used.
   */
  static async open(folder: string): Promise<Authority> {
    await requireAccess(folder);
    return await told(folder, async () => {
      const cert = await Deno.readTextFile(`${folder}/ca.pem`);
      const key = await Deno.readTextFile(`${folder}/ca.key`);
      return new Authority(folder, await readSigner(cert, key));
    });
  }

  /** When the CA's own certificate ends. */
  get endMs(): number {
    return this.#signer.certificate.notAfter.getTime();
  }

  /**
   * Makes a key and signs its certificate.
   *
   * @param wanted `replace` allows what was written under this name before to be overwritten.
   * @throws {FandError} when files of this name are there.
   */
  async issue(
    wanted: { name: string; use: Use; hosts: readonly string[]; days: number; replace: boolean },
    nowMs: number,
  ): Promise<Written> {
    const cert = `${this.#folder}/${fileName(wanted.name)}.pem`;
    const key = `${this.#folder}/${fileName(wanted.name)}.key`;
    return await told(this.#folder, async () => {
      if (!wanted.replace) { for (const file of [key, cert]) await refuseExisting(file); }
      const pair = await newCertificate(this.#signer, wanted, nowMs);
      await create(`${this.#folder}/issued/${pair.serial}.pem`, pair.cert, EVERYBODY);
      const put = wanted.replace ? replace : create;
      await put(key, pair.key, OWNER_ONLY);
      await put(cert, pair.cert, EVERYBODY);
      return { cert, key, endMs: pair.endMs };
    });
  }

  /**
   * Revokes every certificate of a name, and writes the list anew.
   *
   * @returns How many; none when all of them were revoked before.
   * @throws {FandError} when no certificate has this name.
   */
  async revoke(name: string, nowMs: number): Promise<number> {
    const named = (await this.list()).filter((one) => one.name === name);
    if (named.length === 0) {
      throw new FandError(
        `Cannot revoke "${name}": no certificate of that name was made in "${this.#folder}"; ` +
          'see "fanctl pki list"',
      );
    }
    const fresh = named.filter(({ revokedMs }) => revokedMs === null);
    await told(this.#folder, async () => {
      const before = readList(await Deno.readTextFile(this.#revoked));
      const entries = [...before, ...fresh.map(({ serial }) => ({ serial, atMs: nowMs }))];
      await replace(this.#revoked, await newList(this.#signer, entries, nowMs), EVERYBODY);
    });
    return fresh.length;
  }

  /** Every certificate that was signed here, by name, those that end later first. */
  async list(): Promise<Listed[]> {
    return await told(this.#folder, async () => {
      const revoked = new Map(
        readList(await Deno.readTextFile(this.#revoked)).map(({ serial, atMs }) => [serial, atMs]),
      );
      const listed: Listed[] = [];
      for await (const { name } of Deno.readDir(`${this.#folder}/issued`)) {
        if (!name.endsWith(".pem")) continue;
        const one = readCertificate(await Deno.readTextFile(`${this.#folder}/issued/${name}`));
        listed.push({ ...one, revokedMs: revoked.get(one.serial) ?? null });
      }
      return listed.sort((a, b) => a.name.localeCompare(b.name) || b.endMs - a.endMs);
    });
  }

  get #revoked(): string {
    return `${this.#folder}/revoked.pem`;
  }
}

/** The file of a name: that of an IPv6 address has colons, which not every system takes. */
function fileName(name: string): string {
  return name.replaceAll(":", "_").replaceAll("*", "_");
}

/** Asked first, because Deno would otherwise stop and prompt in a terminal. */
async function requireAccess(folder: string): Promise<void> {
  for (const name of ["read", "write"] as const) {
    const { state } = await Deno.permissions.query({ name, path: folder });
    if (state === "granted") continue;
    throw new FandError(
      `Cannot use the CA in "${folder}": this process may not; ` +
        `run it with --allow-read=${folder} --allow-write=${folder}`,
    );
  }
}

async function create(path: string, text: string, mode: number): Promise<void> {
  await Deno.writeTextFile(path, text, { createNew: true, mode });
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const unfinished = `${path}.new`;
  await Deno.remove(unfinished).catch(() => {});
  await create(unfinished, text, mode);
  await Deno.rename(unfinished, path);
}

async function refuseExisting(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch {
    return;
  }
  throw new Deno.errors.AlreadyExists(path);
}

async function told<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FandError) throw error;
    const [found, remedy] = error instanceof Deno.errors.AlreadyExists
      ? [
        "there is one already",
        "say --replace to a certificate, or name another folder with --dir",
      ]
      : error instanceof Deno.errors.NotFound
      ? ["there is none, or not all of it", "make one with fanctl pki init, or name it with --dir"]
      : [error instanceof Error ? error.message : String(error), "see what is in that folder"];
    const what = error instanceof Deno.errors.AlreadyExists
      ? "make a CA or a certificate"
      : "use the CA";
    throw new FandError(`Cannot ${what} in "${folder}": ${found}; ${remedy}`, { cause: error });
  }
}
