/**
 * The flags of a connection over TLS.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { TlsFiles } from "../command.ts";
import type { Grammar } from "./words.ts";

const { flag, map, message, object, option, string, withDefault } = await loadOptique();

/** --tls, --ca, --cert, --key; each of the files means TLS as well. */
export function tlsOptions(common: { readonly hidden: "usage" }): Grammar<TlsFiles | null> {
  const file = (name: "--ca" | "--cert" | "--key", description: ReturnType<typeof message>) =>
    withDefault(option(name, string({ metavar: "FILE" }), { ...common, description }), null);
  return map(
    object({
      wanted: withDefault(
        flag("--tls", { ...common, description: message`Encrypt, and check who answers.` }),
        false,
      ),
      ca: file("--ca", message`The CA of the server's certificate; means --tls.`),
      cert: file("--cert", message`Your certificate, which proves who you are; means --tls.`),
      key: file("--key", message`The key of your certificate.`),
    }),
    ({ wanted, ...files }) =>
      wanted || Object.values(files).some((name) => name !== null) ? files : null,
  );
}
