import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { NvidiaSensor } from "../../../src/sensors/gpu/nvidia.ts";
import { NVIDIA_KEEP_MS } from "../../../src/sensors/gpu/nvidia_tool.ts";
import type { NvidiaSource } from "../../../src/sensors/sensor_source.ts";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import { FakeTool } from "../../support/fake_tool.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import { CLUSTER, WORKSTATION } from "../../vectors/sensors/nvidia_outputs.ts";

const never = new AbortController().signal;
const FIELDS = "index,uuid,pci.bus_id,name,temperature.gpu";

/** A machine with an nvidia-smi of its own. */
class Machine implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly tools: SensorTools;

  private constructor(readonly dir: TempDir, readonly nvidiaSmi: FakeTool) {
    const { clock } = this;
    this.tools = new SensorTools({ clock, sysfsRoot: dir.path, nvidiaSmi: nvidiaSmi.path });
  }

  static async make(stdout: string): Promise<Machine> {
    const dir = await tempDir();
    const nvidiaSmi = await FakeTool.make(dir, "nvidia-smi");
    await nvidiaSmi.answer({ stdout });
    return new Machine(dir, nvidiaSmi);
  }

  sensor(source: Partial<NvidiaSource>): NvidiaSensor {
    return new NvidiaSensor("x", { type: "nvidia", reads: "gpu", ...source }, this.tools);
  }

  /** What the kernel does with the card in a slot to save power. */
  async power(pci: string, status: string): Promise<void> {
    await this.dir.write(`bus/pci/devices/${pci}/power/runtime_status`, `${status}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tools[Symbol.asyncDispose]();
    await this.dir[Symbol.asyncDispose]();
  }
}

Deno.test("several cards are read with one run of nvidia-smi", async () => {
  await using machine = await Machine.make(WORKSTATION);
  const sensors = [
    machine.sensor({ index: 0 }),
    machine.sensor({ pci: "0000:0a:00.0" }),
    machine.sensor({ uuid: "GPU-e18afb8d-1627-f8ff-2ba3-c05c5a8e9e67" }),
  ];
  deepStrictEqual(await Promise.all(sensors.map((each) => each.read(never))), [36, 51, 36]);
  deepStrictEqual(await machine.nvidiaSmi.calls(), [
    `--query-gpu=${FIELDS},temperature.gpu --format=csv,noheader,nounits`,
  ]);
  await machine.clock.advance(NVIDIA_KEEP_MS);
  strictEqual(await sensors[0]?.read(never), 36);
  strictEqual((await machine.nvidiaSmi.calls()).length, 2);
});

Deno.test("the memory of a card is asked for when somebody wants it", async () => {
  await using machine = await Machine.make(CLUSTER);
  strictEqual(await machine.sensor({ index: 1, reads: "memory" }).read(never), 71);
  deepStrictEqual(await machine.nvidiaSmi.calls(), [
    `--query-gpu=${FIELDS},temperature.memory --format=csv,noheader,nounits`,
  ]);
});

for (const index of [0, 1]) {
  Deno.test(`a card that does not tell its memory's temperature says so: ${index}`, async () => {
    await using machine = await Machine.make(WORKSTATION);
    await rejects(
      machine.sensor({ index, reads: "memory" }).read(never),
      /Cannot read memory of GPU .*: nvidia-smi tells none for this card; leave it out/,
    );
  });
}

Deno.test("a temperature that is text is no reading", async () => {
  await using machine = await Machine.make(
    WORKSTATION.replace("36, N/A", "[Unknown Error], [Unknown Error]"),
  );
  await rejects(
    machine.sensor({ index: 0 }).read(never),
    /Cannot read gpu of GPU .*: found "\[Unknown Error\]"; it must hold one number/,
  );
});

Deno.test("a card that is switched off sleeps on, once its place is known", async () => {
  await using machine = await Machine.make(WORKSTATION);
  await machine.power("0000:09:00.0", "suspended");
  strictEqual(await machine.sensor({ pci: "0000:09:00.0" }).read(never), "asleep");
  deepStrictEqual(await machine.nvidiaSmi.calls(), []);
  await machine.power("0000:09:00.0", "active");
  const byNumber = machine.sensor({ index: 0 });
  strictEqual(await byNumber.read(never), 36);
  await machine.power("0000:09:00.0", "suspended");
  strictEqual(await byNumber.read(never), "asleep");
  await machine.power("0000:09:00.0", "active");
  strictEqual(await byNumber.read(never), 36);
});

Deno.test("an nvidia-smi that hangs is killed when nobody waits any more", async () => {
  await using machine = await Machine.make(WORKSTATION);
  await machine.nvidiaSmi.hold();
  const abort = new AbortController();
  const readings = [0, 1].map((index) => machine.sensor({ index }).read(abort.signal));
  await machine.nvidiaSmi.began();
  abort.abort();
  const results = await Promise.allSettled(readings);
  deepStrictEqual(results.map(({ status }) => status), ["rejected", "rejected"]);
});

Deno.test("an nvidia-smi that is not there has no reading", async () => {
  await using dir = await tempDir();
  await using tools = new SensorTools({ clock: new VirtualClock(), nvidiaSmi: dir.join("smi") });
  await rejects(
    new NvidiaSensor("x", { type: "nvidia", reads: "gpu", index: 0 }, tools).read(never),
    /Cannot run "\S+\/smi": there is no such program; install it or name its path/,
  );
});
