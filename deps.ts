/**
 * Every third-party module of fand, with its exact version. Nothing else in the tree names a
 * package. `cborg` is static because everything here speaks CBOR; the rest load when first
 * used, so that `fanctl ping` does not pay for an AVR simulator.
 *
 * @module
 */

/** CBOR with RFC 8949 core deterministic encoding and a strict decoder; no permissions. */
export {
  decode as decodeCbor,
  type DecodeOptions,
  encode as encodeCbor,
  encodeInto as encodeCborInto,
  rfc8949EncodeOptions,
  Token as CborToken,
  Tokenizer,
  tokensToObject,
  Type as CborType,
} from "npm:cborg@6.1.5";

/** Command lines: typed, strict, completions for five shells, no permissions. */
export const loadOptique = (): Promise<typeof import("npm:@optique/core@1.3.6")> =>
  import("npm:@optique/core@1.3.6");
export type {
  Message as OptiqueMessage,
  Parser as OptiqueParser,
  ValueParser as OptiqueValueParser,
} from "npm:@optique/core@1.3.6";
/** The part of optique that meets a process: exit codes, help, completion scripts. */
export const loadOptiqueRun = (): Promise<typeof import("npm:@optique/run@1.3.6")> =>
  import("npm:@optique/run@1.3.6");

/** TOML with line and column in its errors. */
export const loadToml = (): Promise<typeof import("npm:smol-toml@1.9.1")> =>
  import("npm:smol-toml@1.9.1");
/** Schemas with dotted paths in their issues. */
export const loadValibot = (): Promise<typeof import("npm:valibot@1.5.0")> =>
  import("npm:valibot@1.5.0");

/** Cron patterns in a time zone, daylight saving included; pure unless it is asked to run jobs. */
export const loadCroner = (): Promise<typeof import("npm:croner@11.0.1")> =>
  import("npm:croner@11.0.1");

/** An AVR, cycle by cycle: the simulated board runs the real firmware image on it. */
export const loadAvr8js = (): Promise<typeof import("npm:avr8js@0.21.1")> =>
  import("npm:avr8js@0.21.1");
export type { CPU as AvrCpu } from "npm:avr8js@0.21.1";

/** Structured logging with categories and sinks; no permissions. */
export const loadLogtape = (): Promise<typeof import("npm:@logtape/logtape@2.4.2")> =>
  import("npm:@logtape/logtape@2.4.2");

/**
 * X.509 certificates and revocation lists over WebCrypto; no permissions. Its dependency injection
 * wants the metadata polyfill there first.
 */
export const loadX509 = async (): Promise<typeof import("npm:@peculiar/x509@2.2.0")> => {
  await import("npm:reflect-metadata@0.2.2");
  return await import("npm:@peculiar/x509@2.2.0");
};
