/**
 * Makes the C test's examples from tests/vectors/board.json:
 * `deno run --allow-read --allow-write firmware/test/make_vectors.ts`. A test holds the two
 * together.
 *
 * @module
 */
import type { BoardVectors, SessionVector, StepVector } from "../../tests/support/board_vectors.ts";

const text = (value: string): string => JSON.stringify(value);

/** Hex text as C, in lines that a page holds. */
function hex(bytes: string): string {
  const lines = bytes.match(/.{1,88}/g) ?? [""];
  return lines.map((line) => `\n      ${text(line)}`).join("");
}

function array(declaration: string, rows: readonly string[]): string {
  return `${declaration}[] = {\n${rows.map((row) => `    { ${row} },\n`).join("")}};\n`;
}

function counted(type: string, name: string, count: string, rows: readonly string[]): string {
  return array(`const struct ${type} ${name}`, rows) + `const size_t ${count} = ${rows.length};\n`;
}

/** How the thermistor reads, in the numbers of the status. */
function thermistor({ thermistorC }: StepVector): string {
  if (thermistorC === undefined) return "0, -32768";
  return typeof thermistorC === "number" ? `1, ${thermistorC * 10}` : "2, -32768";
}

const NOTE = "/* Made from tests/vectors/board.json by make_vectors.ts; do not edit. */\n" +
  '#include "vectors.h"\n';
/** A file of more would be longer than one should be. */
const SESSIONS_A_FILE = 5;

function stepsSource(sessions: readonly SessionVector[], first: number): string {
  const steps = sessions.map((session, index) =>
    array(
      `const struct step steps_${first + index}`,
      session.steps.map((step) =>
        `${text(step.say)}, ${step.atMs}, ${thermistor(step)},${hex(step.send)},` +
        hex(step.receive)
      ),
    )
  );
  return [NOTE, ...steps].join("\n");
}

function tablesSource({ crc, cobs, cobsRefused, sessions }: BoardVectors): string {
  return [
    NOTE,
    counted(
      "crc_vector",
      "crc_vectors",
      "crc_vector_count",
      crc.map(({ name, data, crc }) => `${text(name)},${hex(data)}, ${crc}`),
    ),
    counted(
      "cobs_vector",
      "cobs_vectors",
      "cobs_vector_count",
      cobs.map(({ name, data, line }) => `${text(name)},${hex(data)},${hex(line)}`),
    ),
    counted(
      "bad_line",
      "cobs_refused",
      "cobs_refused_count",
      cobsRefused.map(({ name, line }) => `${text(name)},${hex(line)}`),
    ),
    sessions.map((_, index) => `extern const struct step steps_${index}[];\n`).join(""),
    counted(
      "session",
      "sessions",
      "session_count",
      sessions.map((session, index) =>
        `${text(session.name)}, ${session.bootId}u, ${session.resetCauses}, ` +
        `steps_${index}, ${session.steps.length}`
      ),
    ),
  ].join("\n");
}

/** The C sources that hold the examples, by their names. */
export function vectorsSources(vectors: BoardVectors): Map<string, string> {
  const sources = new Map([["vectors.c", tablesSource(vectors)]]);
  for (let first = 0; first < vectors.sessions.length; first += SESSIONS_A_FILE) {
    const sessions = vectors.sessions.slice(first, first + SESSIONS_A_FILE);
    sources.set(`vector_steps_${first}.c`, stepsSource(sessions, first));
  }
  return sources;
}

if (import.meta.main) {
  const vectors = JSON.parse(
    await Deno.readTextFile(new URL("../../tests/vectors/board.json", import.meta.url)),
  ) as BoardVectors;
  for (const [name, source] of vectorsSources(vectors)) {
    await Deno.writeTextFile(new URL(name, import.meta.url), source);
  }
}
