/**
 * A RAK3172 with RUI3 firmware, as its manual and its users' logs show it: what it answers, what it
 * says by itself, and what it refuses. It is on a network of its own.
 *
 * @module
 */
import type { EmulatedModem } from "./modem_line.ts";

/** What the network makes of an uplink. */
export interface NetworkAnswer {
  /** Whether the uplink is heard; a confirmed one is then acknowledged. */
  heard?: boolean;
  downlink?: { port: number; bytes: Uint8Array };
}

/** An uplink that was sent. */
export interface ModemUplink {
  port: number;
  bytes: Uint8Array;
  confirmed: boolean;
  dataRate: number;
}

const BANNER = [
  "RAKwireless RAK3172",
  "--------------------------------------------",
  "Version: RUI_4.0.6_RAK3172-E",
  "Current Work Mode: LoRaWAN.",
];
/** Bytes at each data rate of EU868. */
const EU868_BYTES = [51, 51, 51, 115, 242, 242, 242, 242];

/** The module. */
export class Rak3172 implements EmulatedModem {
  say: (bytes: Uint8Array) => void = () => {};
  /** Every command that came whole. */
  readonly commands: string[] = [];
  readonly uplinks: ModemUplink[] = [];
  /** Says nothing at all. */
  isMute = false;
  /** Takes the next commands of this name for busy, or for this status. */
  readonly refusals = new Map<string, string>();
  /** Whether there is a network to join. */
  hasNetwork = true;
  /** The time that the duty cycle still forbids, as the module tells it; 0 for none. */
  restrictedMs = 0;
  /** Says that a frame was sent, and all that follows, only when the test calls this. */
  isHeld = false;
  network: (uplink: ModemUplink) => NetworkAnswer = () => ({ heard: true });
  readonly settings: Record<string, string> = {
    NWM: "1",
    BAND: "4",
    ADR: "1",
    DR: "0",
    CFM: "0",
    NJS: "0",
    VER: "RUI_4.0.6_RAK3172-E",
  };
  #hasEcho = false;
  #line = "";
  #held: (() => void)[] = [];

  take(bytes: Uint8Array): void {
    const text = new TextDecoder().decode(bytes);
    if (this.#hasEcho && !this.isMute) this.say(bytes);
    for (const char of text) {
      if (char !== "\r" && char !== "\n") this.#line += char;
      else if (this.#line !== "") {
        const line = this.#line;
        this.#line = "";
        this.#do(line);
      }
    }
  }

  /** Says a line by itself. */
  tell(line: string): void {
    if (!this.isMute) this.say(new TextEncoder().encode(`${line}\r\n`));
  }

  /** Bytes that are no line of anything. */
  tellBytes(...bytes: number[]): void {
    this.say(Uint8Array.from(bytes));
  }

  /** Sends a downlink now, as class C does. */
  downlink(port: number, bytes: Uint8Array, window = "RX_C"): void {
    this.tell(`+EVT:${window}:-70:8:UNICAST:${port}:${bytes.toHex().toUpperCase()}`);
  }

  /** The power fails for a moment, or the watchdog bites. */
  reset(): void {
    this.#line = "";
    this.#held = [];
    this.settings["NJS"] = "0";
    for (const line of BANNER) this.tell(line);
  }

  /** Lets what {@link isHeld} has held go its way. */
  release(): void {
    for (const go of this.#held.splice(0)) go();
  }

  #do(line: string): void {
    this.commands.push(line);
    if (this.isMute) return;
    if (line === "AT") return this.#status("OK");
    if (line === "ATE") {
      this.#hasEcho = !this.#hasEcho;
      return this.#status("OK");
    }
    if (line === "ATZ") return this.reset();
    const [, name = "", value] = line.match(/^AT\+([A-Z0-9]+)(?:=(.*))?$/) ?? [];
    const refusal = this.refusals.get(name);
    if (refusal !== undefined) {
      this.refusals.delete(name);
      return this.#status(refusal);
    }
    if (name === "SEND" && value !== undefined) return this.#send(value);
    if (name === "JOIN" && value !== undefined) return this.#join(value);
    this.#setting(name, value);
  }

  #setting(name: string, value: string | undefined): void {
    if (!Object.hasOwn(this.settings, name) || value === undefined) return this.#status("AT_ERROR");
    if (value === "?") {
      this.tell(`AT+${name}=${this.settings[name]}`);
      return this.#status("OK");
    }
    const most: Record<string, number> = { NWM: 1, BAND: 12, ADR: 1, DR: 7, CFM: 1 };
    const isFine = /^\d{1,2}$/.test(value) && Number(value) <= (most[name] ?? -1);
    if (!isFine) return this.#status("AT_PARAM_ERROR");
    this.settings[name] = value;
    this.#status("OK");
  }

  #join(value: string): void {
    if (!/^[01](:[01](:\d{1,3}(:\d{1,3})?)?)?$/.test(value)) return this.#status("AT_PARAM_ERROR");
    if (this.restrictedMs > 0) {
      this.tell(`Restricted_Wait_${this.restrictedMs}_ms`);
      return this.#status("AT_BUSY_ERROR");
    }
    this.#status("OK");
    this.#later(() => {
      if (this.hasNetwork) this.settings["NJS"] = "1";
      this.tell(this.hasNetwork ? "+EVT:JOINED" : "+EVT:JOIN_FAILED_RX_TIMEOUT");
    });
  }

  #send(value: string): void {
    const [, port = "", hex] = value.match(/^(\d{1,3}):((?:[0-9A-Fa-f]{2})+)$/) ?? [];
    const dataRate = Number(this.settings["DR"]);
    if (hex === undefined || Number(port) < 1 || Number(port) > 233) {
      return this.#status("AT_PARAM_ERROR");
    }
    const bytes = Uint8Array.fromHex(hex);
    if (bytes.length > (EU868_BYTES[dataRate] ?? 0)) return this.#status("AT_PARAM_ERROR");
    if (this.settings["NJS"] !== "1") return this.#status("AT_NO_NETWORK_JOINED");
    if (this.restrictedMs > 0) {
      this.tell(`Restricted_Wait_${this.restrictedMs}_ms`);
      return this.#status("AT_BUSY_ERROR");
    }
    if (this.#held.length > 0) return this.#status("AT_BUSY_ERROR");
    this.#status("OK");
    const uplink = { port: Number(port), bytes, confirmed: this.settings["CFM"] === "1", dataRate };
    this.uplinks.push(uplink);
    this.#later(() => this.#sent(uplink));
  }

  #sent(uplink: ModemUplink): void {
    const { heard = true, downlink } = this.network(uplink);
    if (heard && downlink) this.downlink(downlink.port, downlink.bytes, "RX_1");
    if (!uplink.confirmed) this.tell("+EVT:TX_DONE");
    else this.tell(heard ? "+EVT:SEND_CONFIRMED_OK" : "+EVT:SEND_CONFIRMED_FAILED(4)");
  }

  #later(act: () => void): void {
    if (this.isHeld) this.#held.push(act);
    else queueMicrotask(act);
  }

  #status(status: string): void {
    this.say(new TextEncoder().encode(`\r\n${status}\r\n`));
  }
}
