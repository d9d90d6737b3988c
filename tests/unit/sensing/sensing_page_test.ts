/** The example of docs/sensing.md, played second by second. */
import { deepEqual, ok } from "node:assert/strict";
import { Engine } from "../../../src/control/engine/engine.ts";
import { engineConfig } from "../../../src/config/engine_config.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";
import { REPOSITORY } from "../../support/paths.ts";

const page = await Deno.readTextFile(`${REPOSITORY}docs/sensing.md`);
const [, toml = ""] = /```toml\n([^]*?)```/.exec(page) ?? [];

/** The rows of the page's last table: second, three temperatures, duty, reason. */
function rows(): string[][] {
  return [...page.matchAll(/^\| +(\d+) +\|.*$/gm)].map(([line]) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

Deno.test("the example of docs/sensing.md goes as the page says", () => {
  const shown = rows();
  ok(shown.length > 8);
  const engine = new Engine(engineConfig(parseToml(toml, "docs/sensing.md")), 0);
  const seen: string[][] = [];
  let at = 0;
  for (let second = 0; at < shown.length; second++) {
    while (Number(shown[at + 1]?.[0] ?? Infinity) <= second) at++;
    const atMs = second * 1000;
    const temps = shown[at]?.slice(1, 4) ?? [];
    for (const [index, temp] of temps.entries()) {
      const sensor = `disk${index + 1}`;
      engine.apply(
        temp === "-"
          ? { type: "miss", sensor, reason: "no such file", fault: "missing", atMs }
          : { type: "reading", sensor, tempC: Number(temp), atMs },
      );
    }
    engine.tick({ atMs, wallMs: atMs, lateMs: 0 });
    if (Number(shown[at]?.[0]) !== second) continue;
    const { percent, causes } = engine.decision("drives");
    seen.push([`${second}`, ...temps, `${percent} %`, causes[0]?.text ?? ""]);
    if (at === shown.length - 1) break;
  }
  deepEqual(seen, shown);
});
