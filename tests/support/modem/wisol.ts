/**
 * A Wisol SFM10R module, as its users' logs show it.
 *
 * @module
 */
import type { EmulatedModem } from "./modem_line.ts";

/** The module. */
export class Wisol implements EmulatedModem {
  say: (bytes: Uint8Array) => void = () => {};
  /** Every command that came whole. */
  readonly commands: string[] = [];
  isMute = false;
  /** The downlink of the network, or null for none. */
  downlink: Uint8Array | null = null;
  /** What it says of its channels: the number, and the frames that are left of it. */
  channel: [number, number] = [1, 6];
  /** Answers the next frame with this. */
  refusal: string | null = null;
  #line = "";

  take(bytes: Uint8Array): void {
    for (const char of new TextDecoder().decode(bytes)) {
      if (char !== "\r" && char !== "\n") this.#line += char;
      else if (this.#line !== "") {
        const line = this.#line;
        this.#line = "";
        this.commands.push(line);
        if (!this.isMute) this.#do(line);
      }
    }
  }

  /** Says a line by itself. */
  tell(line: string): void {
    this.say(new TextEncoder().encode(`${line}\r\n`));
  }

  #do(line: string): void {
    if (line === "AT" || /^AT\$TR=[0-2]$/.test(line)) return this.tell("OK");
    if (line === "AT$I=10") return this.tell("002C2EA1");
    if (line === "AT$I=11") return this.tell("5BEB8CF64E869BD1");
    if (line === "AT$GI?") return this.tell(this.channel.join(","));
    if (line === "AT$RC") {
      this.channel = [1, 6];
      return this.tell("OK");
    }
    const [, data, asks] = line.match(/^AT\$(?:SF=((?:[0-9A-F]{2}){1,12})|SB=[01]|SO)(,1)?$/) ??
      [line];
    if (data === line) return this.tell("ERROR: parse error");
    if (this.refusal !== null) {
      this.tell(this.refusal);
      this.refusal = null;
    } else this.#sent(asks !== undefined);
  }

  #sent(asks: boolean): void {
    this.channel[1] -= 3;
    if (!asks) return this.tell("OK");
    if (this.downlink === null) return this.tell("ERR_SFX_ERR_SEND_FRAME_WAIT_TIMEOUT");
    this.tell("OK");
    const hex = this.downlink.toHex().toUpperCase().match(/../g) ?? [];
    this.tell(`RX=${hex.join(" ")}`);
  }
}
