/**
 * A light over the door of a lab, as an auxiliary service of an experiment: on while it records.
 * Here the light is a line on standard output.
 *
 *     deno run --allow-net=127.0.0.1 examples/recording_light.ts udp://127.0.0.1:11001
 *
 * Try it with `fanctl rig send expstart 2030-01-31_1_subject`.
 */
// deno-lint-ignore-file no-console -- a line on the console is the light
import {
  EchoCommunicator,
  ExpMessage,
  type ExpReference,
  ExpStatus,
  type RigAddress,
  Service,
  type ServiceMessage,
} from "../mod.ts";

/** Each method does what the message asks for, and returns what is to be answered. */
class RecordingLight extends Service {
  readonly name = "recording light";
  #status: ExpStatus = ExpStatus.CONNECTED;

  init(): ServiceMessage {
    this.#show(ExpStatus.INITIALIZED, "soon");
    return Service.init(this.name);
  }

  start(reference: ExpReference): ServiceMessage {
    this.#show(ExpStatus.RUNNING, `ON, for ${reference}`);
    return Service.start(reference, this.name);
  }

  stop(_data?: unknown, immediately = false): ServiceMessage {
    this.#show(ExpStatus.STOPPED, immediately ? "off: interrupted" : "off");
    return Service.stop(this.name, immediately);
  }

  status(): ServiceMessage {
    return Service.status(this.#status);
  }

  info(): ServiceMessage {
    return Service.info(this.#status, { isOn: this.#status === ExpStatus.RUNNING });
  }

  cleanup(): ServiceMessage {
    this.#show(ExpStatus.CONNECTED, "off");
    return Service.cleanup(this.name);
  }

  /** A light has nothing to look up. */
  alyx(): ServiceMessage {
    return Service.alyx(null);
  }

  #show(status: ExpStatus, text: string): void {
    this.#status = status;
    console.log(`light: ${text}`);
  }
}

const light = new RecordingLight();
const rig = await EchoCommunicator.server(Deno.args[0] ?? "udp://127.0.0.1:11001");

const asked: readonly [event: number, does: (data: unknown[]) => ServiceMessage][] = [
  [ExpMessage.EXPINIT, () => light.init()],
  [ExpMessage.EXPSTART, ([reference]) => light.start(String(reference))],
  [ExpMessage.EXPEND, ([data]) => light.stop(data)],
  [ExpMessage.EXPINTERRUPT, ([data]) => light.stop(data, true)],
  [ExpMessage.EXPCLEANUP, () => light.cleanup()],
  [ExpMessage.EXPSTATUS, () => light.status()],
  [ExpMessage.EXPINFO, () => light.info()],
];
for (const [event, does] of asked) {
  rig.assignCallback(event, async (data: unknown[], address: RigAddress) => {
    await rig.confirmedSend(does(data), address);
  });
}

console.log(`listening at ${rig.serverUri}`);
Deno.addSignalListener("SIGINT", () => rig.close().then(() => Deno.exit()));
