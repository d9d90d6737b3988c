import { deepEqual, equal } from "node:assert/strict";
import { compare, flatten } from "../../../src/config/flat.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";

const FILE = `
[[sensor]]
name = "cpu"
type = "cpu"
[[sensor]]
name = "top disk"
type = "smart"
device = "/dev/sda"
kind = "hdd"
[[shelf]]
name = "case"
[[shelf.cause]]
name = "all"
sensors = ["cpu", "top disk"]
curve = [[40, 25], [80, 100]]
`;

const flat = (text: string) => flatten(parseToml(text, "x.toml"));

Deno.test("a configuration is listed by names, in the spelling of its file", () => {
  const settings = flat(FILE);
  equal(settings.get("tick_ms"), "1000");
  equal(settings.get("limits.clients"), "1024");
  equal(settings.get('sensors."top disk".source.device'), '"/dev/sda"');
  equal(settings.get("shelves.case.causes.all.sensors"), '["cpu","top disk"]');
});

Deno.test("what moves within a file is no change, what differs is one", () => {
  const [first = "", second = ""] = FILE.split(/(?=\[\[sensor]]\nname = "top)/);
  const [disk, ...shelf] = second.split(/(?=\[\[shelf]])/);
  const moved = `${disk}${first}${shelf.join("")}`;
  deepEqual(compare(flat(FILE), flat(moved)), []);
  const changed = FILE.replace('type = "cpu"', 'type = "cpu"\nmisses = 5').replace("[80,", "[70,");
  deepEqual(
    compare(flat(FILE), flat(changed)).map(({ key, before, after }) => [key, before, after]),
    [
      ["sensors.cpu.misses", "3", "5"],
      ["shelves.case.causes.all.curve.points", "[[40,25],[80,100]]", "[[40,25],[70,100]]"],
    ],
  );
});

Deno.test("what is only on one side has no value on the other", () => {
  const changes = compare(flat(FILE), flat(FILE.replaceAll("top disk", "disk")));
  equal(changes.find(({ key }) => key === "sensors.disk.kind")?.before, null);
  equal(changes.find(({ key }) => key === 'sensors."top disk".kind')?.after, null);
});
