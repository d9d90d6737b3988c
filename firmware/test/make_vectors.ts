/**
 * Makes vectors.c, which the C test includes, from tests/vectors/board.json:
 * `deno run --allow-read --allow-write firmware/test/make_vectors.ts`. A test holds the two
 * together.
 *
 * @module
 */
import type { BoardVectors, StepVector } from "../../tests/support/board_vectors.ts";

const text = (value: string): string => JSON.stringify(value);

/** Hex text as C, in lines that a page holds. */
function hex(bytes: string): string {
  const lines = bytes.match(/.{1,88}/g) ?? [""];
  return lines.map((line) => `\n      ${text(line)}`).join("");
}

function array(declaration: string, rows: readonly string[]): string {
  return `${declaration}[] = {\n${rows.map((row) => `    { ${row} },\n`).join("")}};\n`;
}

function counted(type: string, name: string, rows: readonly string[]): string {
  return array(`const struct ${type} ${name}`, rows);
}

/** How the thermistor reads, in the numbers of the status. */
function thermistor({ thermistorC }: StepVector): string {
  if (thermistorC === undefined) return "0, -32768";
  return typeof thermistorC === "number" ? `1, ${thermistorC * 10}` : "2, -32768";
}

/** The C source that holds the examples. */
export function vectorsSource(vectors: BoardVectors): string {
  const steps = vectors.sessions.map((session, index) =>
    array(
      `static const struct step steps_${index}`,
      session.steps.map((step) =>
        `${text(step.say)}, ${step.atMs}, ${thermistor(step)},${hex(step.send)},` +
        hex(step.receive)
      ),
    )
  );
  const sessions = vectors.sessions.map((session, index) =>
    `${text(session.name)}, ${session.bootId}u, ${session.resetCauses}, ` +
    `steps_${index}, ${session.steps.length}`
  );
  return [
    "/* Made from tests/vectors/board.json by make_vectors.ts; do not edit. */\n" +
    '#include "vectors.h"\n',
    counted(
      "crc_vector",
      "crc_vectors",
      vectors.crc.map(({ name, data, crc }) => `${text(name)},${hex(data)}, ${crc}`),
    ) + `const size_t crc_vector_count = ${vectors.crc.length};\n`,
    counted(
      "cobs_vector",
      "cobs_vectors",
      vectors.cobs.map(({ name, data, line }) => `${text(name)},${hex(data)},${hex(line)}`),
    ) + `const size_t cobs_vector_count = ${vectors.cobs.length};\n`,
    counted(
      "bad_line",
      "cobs_refused",
      vectors.cobsRefused.map(({ name, line }) => `${text(name)},${hex(line)}`),
    ) + `const size_t cobs_refused_count = ${vectors.cobsRefused.length};\n`,
    ...steps,
    counted("session", "sessions", sessions) +
    `const size_t session_count = ${vectors.sessions.length};\n`,
  ].join("\n");
}

if (import.meta.main) {
  const vectors = JSON.parse(
    await Deno.readTextFile(new URL("../../tests/vectors/board.json", import.meta.url)),
  ) as BoardVectors;
  await Deno.writeTextFile(new URL("./vectors.c", import.meta.url), vectorsSource(vectors));
}
