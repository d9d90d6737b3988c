/**
 * Makes vectors.c, which the C test includes, from tests/vectors/board.json:
 * `deno run --allow-read --allow-write firmware/test/make_vectors.ts`. A test holds the two
 * together.
 *
 * @module
 */
import type { BoardVectors } from "../../tests/support/board_vectors.ts";

const text = (value: string): string => JSON.stringify(value);

function bytes(hex: string): string {
  if (hex === "") return "{ 0, 0 }";
  const list = hex.match(/../g) ?? [];
  return `BYTES(${list.map((byte) => `0x${byte}`).join(", ")})`;
}

function array(declaration: string, rows: readonly string[]): string {
  return `${declaration}[] = {\n${rows.map((row) => `    { ${row} },\n`).join("")}};\n`;
}

function counted(type: string, name: string, rows: readonly string[]): string {
  return array(`const struct ${type} ${name}`, rows);
}

/** The C source that holds the examples. */
export function vectorsSource(vectors: BoardVectors): string {
  const steps = vectors.sessions.map((session, index) =>
    array(
      `static const struct step steps_${index}`,
      session.steps.map((step) =>
        `${text(step.say)}, ${step.atMs}, ${bytes(step.send)}, ${bytes(step.receive)}`
      ),
    )
  );
  const sessions = vectors.sessions.map((session, index) =>
    `${text(session.name)}, ${session.bootId}u, ${session.resetCauses}, ` +
    `steps_${index}, ${session.steps.length}`
  );
  return [
    "/* Made from tests/vectors/board.json by make_vectors.ts; do not edit. */\n" +
    '#include "vectors.h"\n\n' +
    "#define BYTES(...) \\\n" +
    "    { (const uint8_t[]){ __VA_ARGS__ }, sizeof(const uint8_t[]){ __VA_ARGS__ } }\n",
    counted(
      "crc_vector",
      "crc_vectors",
      vectors.crc.map(({ name, data, crc }) => `${text(name)}, ${bytes(data)}, ${crc}`),
    ) + `const size_t crc_vector_count = ${vectors.crc.length};\n`,
    counted(
      "cobs_vector",
      "cobs_vectors",
      vectors.cobs.map(({ name, data, line }) => `${text(name)}, ${bytes(data)}, ${bytes(line)}`),
    ) + `const size_t cobs_vector_count = ${vectors.cobs.length};\n`,
    counted(
      "bad_line",
      "cobs_refused",
      vectors.cobsRefused.map(({ name, line }) => `${text(name)}, ${bytes(line)}`),
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
