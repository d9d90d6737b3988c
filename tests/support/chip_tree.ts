/**
 * A chip with fan outputs in a copy of /sys, and a driver that does with what is written what the
 * drivers of real chips do.
 *
 * @module
 */
import type { FanModel } from "../../src/board/sim/fan_model.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { HwmonPlaces } from "../../src/board/hwmon/places.ts";
import { Libc, LibcError } from "../../src/libc/libc.ts";
import { TempDir } from "./temp_dir.ts";

/** A chip in a copy of /sys. */
export interface ChipFixture {
  chip?: string;
  /** Below /sys. */
  device?: string;
  /** N of hwmonN, which means nothing and changes. */
  number?: number;
  /** Its attributes, as `pwm1: "128"`; default: two outputs with a mode and a tachometer each. */
  attributes?: Record<string, string>;
  /** Keeps its attributes with the device, as drivers of the old kind do. */
  old?: boolean;
}

const FAN_STEP_MS = 10;
const TWO_OUTPUTS = {
  pwm1: "128",
  pwm1_enable: "5",
  fan1_input: "900",
  pwm2: "77",
  pwm2_enable: "2",
  fan2_input: "700",
};

/** A folder with chips, and another one for what they were like. */
export class ChipTree implements AsyncDisposable {
  readonly #dir: TempDir;
  /** Where the attributes of the chip added last are, in the folder. */
  #attributes = "";

  private constructor(dir: TempDir) {
    this.#dir = dir;
  }

  /** Makes a tree with a chip. */
  static async make(fixture: ChipFixture = {}): Promise<ChipTree> {
    const tree = new ChipTree(await TempDir.make());
    await Deno.mkdir(tree.#dir.join("sys/class/hwmon"), { recursive: true });
    await tree.add(fixture);
    return tree;
  }

  /** What a board needs to find it. */
  get places(): HwmonPlaces {
    return { sysfsRoot: this.#dir.join("sys"), stateDir: this.#dir.join("state") };
  }

  /** Adds a chip; `read` and `write` are about this one then. */
  async add(fixture: ChipFixture = {}): Promise<void> {
    const { chip = "nct6775", device = "devices/platform/nct6775.656", number = 3 } = fixture;
    const hwmon = `${device}/hwmon/hwmon${number}`;
    this.#attributes = fixture.old ? `sys/${device}` : `sys/${hwmon}`;
    await Deno.mkdir(this.#dir.join(`sys/${hwmon}`), { recursive: true });
    await this.write("name", chip);
    for (const [name, value] of Object.entries(fixture.attributes ?? TWO_OUTPUTS)) {
      await this.write(name, value);
    }
    await Deno.symlink("../..", this.#dir.join(`sys/${hwmon}/device`));
    await Deno.symlink(`../../${hwmon}`, this.#dir.join(`sys/class/hwmon/hwmon${number}`));
  }

  /** Takes the chip out, as unloading its driver does. */
  async remove(): Promise<void> {
    const number = this.#attributes.slice(this.#attributes.lastIndexOf("/hwmon") + 1);
    await Deno.remove(this.#dir.join(`sys/class/hwmon/${number}`));
    await Deno.remove(this.path(".."), { recursive: true });
  }

  /** Where an attribute is. */
  path(name: string): string {
    return this.#dir.join(`${this.#attributes}/${name}`);
  }

  /** What an attribute holds. */
  async read(name: string): Promise<string> {
    return (await Deno.readTextFile(this.path(name))).trim();
  }

  /** Changes an attribute, as the chip or somebody else does. */
  async write(name: string, value: string): Promise<void> {
    await this.#dir.write(`${this.#attributes}/${name}`, `${value}\n`);
  }

  /** Several attributes in one text: `128 5`. */
  async show(...names: string[]): Promise<string> {
    return (await Promise.all(names.map((name) => this.read(name)))).join(" ");
  }

  /** The file in which it is kept what the chip was like; null when there is none. */
  async state(): Promise<Record<string, unknown> | null> {
    for await (const { name } of Deno.readDir(this.places.stateDir)) {
      if (!name.endsWith(".json")) continue;
      return JSON.parse(await Deno.readTextFile(`${this.places.stateDir}/${name}`));
    }
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dir[Symbol.asyncDispose]();
  }
}

/** The C library with a driver behind it. */
export class ChipDriver extends Libc {
  /** Every write that was tried, as `pwm1=128`. */
  readonly writes: string[] = [];
  /** What the chip makes of a value. */
  rounds: (value: number) => number = (value) => value;
  /** Attributes that only root's writing opens, as the kernel makes them: their errno is 13. */
  readonly unreadable = new Set<string>();
  /** How often writing an attribute is refused, and with which errno. */
  readonly refusals = new Map<string, { times: number; errno: number }>();
  /** A fan on the output of each number, turning as the clock goes. */
  readonly fans = new Map<number, FanModel>();
  readonly #clock: Clock;
  #steppedMs = 0;
  /** Called before every write. */
  onWrite: (attribute: string) => Promise<void> | void = () => {};

  constructor(clock: Clock = systemClock) {
    super();
    this.#clock = clock;
  }

  override async readFile(path: string, maxBytes: number): Promise<Uint8Array> {
    const [name = "", directory] = splitPath(path);
    const fan = this.fans.get(Number(/^fan(\d+)_input$/.exec(name)?.[1]));
    if (fan !== undefined) {
      await this.#turnFans(directory);
      return new TextEncoder().encode(`${Math.round(fan.rpm)}\n`);
    }
    if (!this.unreadable.has(name)) return super.readFile(path, maxBytes);
    throw new LibcError(`Cannot read "${path}": Permission denied; be root`, 13);
  }

  override async writeFile(path: string, text: string): Promise<void> {
    const [name] = splitPath(path);
    this.writes.push(`${name}=${text}`);
    await this.onWrite(name);
    const refusal = this.refusals.get(name);
    if (refusal !== undefined && refusal.times > 0) {
      refusal.times--;
      throw new LibcError(`Cannot write "${path}": error ${refusal.errno}; try`, refusal.errno);
    }
    const isValue = /^pwm\d+$/.test(name);
    await super.writeFile(path, isValue ? String(this.rounds(Number(text))) : text);
  }

  async #turnFans(directory: string): Promise<void> {
    const drives = new Map<FanModel, number>();
    for (const [number, fan] of this.fans) {
      const value = Number(await Deno.readTextFile(`${directory}/pwm${number}`));
      drives.set(fan, Math.round(value * 1000 / 255));
    }
    for (; this.#steppedMs < this.#clock.monotonicMs(); this.#steppedMs += FAN_STEP_MS) {
      for (const [fan, drive] of drives) fan.step(FAN_STEP_MS, drive);
    }
  }
}

function splitPath(path: string): [name: string, directory: string] {
  const at = path.lastIndexOf("/");
  return [path.slice(at + 1), path.slice(0, at)];
}
