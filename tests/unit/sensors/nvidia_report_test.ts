import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { parseNvidia, pickGpu } from "../../../src/sensors/gpu/nvidia_report.ts";
import { CLUSTER, FAILURES, HALF_LOST, WORKSTATION } from "../../vectors/sensors/nvidia_outputs.ts";

const ran = (stdout: string, code = 0) => ({ code, stdout, stderr: "" });
const nvidia = (keys: { uuid?: string; pci?: string; index?: number }) =>
  ({ type: "nvidia", reads: "gpu", ...keys }) as const;

Deno.test("every card is read with its names and temperatures", () => {
  const [first, second] = parseNvidia(ran(WORKSTATION));
  deepStrictEqual(first, {
    index: 0,
    uuid: "GPU-e18afb8d-1627-f8ff-2ba3-c05c5a8e9e67",
    pci: "0000:09:00.0",
    name: "NVIDIA GeForce RTX 2060",
    told: { gpu: "36", memory: "N/A" },
  });
  deepStrictEqual(second?.told, { gpu: "51", memory: "[N/A]" });
});

Deno.test("a domain beyond the first and a name with a comma are read", () => {
  const third = parseNvidia(ran(CLUSTER))[2];
  strictEqual(third?.pci, "10000:3d:00.0");
  strictEqual(third.name, "Tesla V100-SXM2, 16 GB");
  deepStrictEqual(third.told, { gpu: "35", memory: "33" });
});

Deno.test("a card is picked by what stays with it, by its slot and by its number", () => {
  const gpus = parseNvidia(ran(CLUSTER));
  const uuid = "GPU-9c720000-1111-2222-3333-444444444444";
  strictEqual(pickGpu(gpus, nvidia({ uuid })).index, 1);
  strictEqual(pickGpu(gpus, nvidia({ pci: "0000:5d:00.0" })).index, 0);
  strictEqual(pickGpu(gpus, nvidia({ index: 2 })).told.gpu, "35");
});

Deno.test("a card that is not there lists those that are, a lost one among them", () => {
  const gpus = parseNvidia(ran(HALF_LOST));
  strictEqual(pickGpu(gpus, nvidia({ index: 0 })).told.gpu, "36");
  throws(() => pickGpu(gpus, nvidia({ pci: "0000:0a:00.0" })), {
    message: 'Cannot find the NVIDIA GPU with pci "0000:0a:00.0": this machine has ' +
      '0 "NVIDIA GeForce RTX 2060" GPU-e18afb8d-1627-f8ff-2ba3-c05c5a8e9e67 at 0000:09:00.0, ' +
      '1 "[GPU is lost]" [GPU is lost] at an unknown place; name one of these',
  });
});

Deno.test("a slot must be that of the card with the UUID, where both are named", () => {
  const gpus = parseNvidia(ran(WORKSTATION));
  const { uuid } = gpus[0] ?? { uuid: "" };
  throws(() => pickGpu(gpus, nvidia({ uuid, pci: "0000:0a:00.0" })), /Cannot find/);
});

for (const [what, code, stdout] of FAILURES) {
  Deno.test(`nvidia-smi's own words are told when ${what}`, () => {
    const said = stdout.trim().slice(0, 40);
    throws(
      () => parseNvidia(ran(stdout, code)),
      ({ message }: Error) =>
        message.startsWith(`Cannot use nvidia-smi: it ended with ${code} and said `) &&
        message.replaceAll("\\", "").includes(said),
    );
  });
}

for (const text of ["Segmentation fault", "0, GPU-1\n", "a, b, c, d, e, f\n"]) {
  Deno.test(`what is no list of cards is refused: ${JSON.stringify(text)}`, () => {
    throws(() => parseNvidia(ran(text)), /Cannot understand nvidia-smi/);
  });
}
