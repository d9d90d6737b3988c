/**
 * The committed firmware images with the chips that they are for.
 *
 * @module
 */
import image2560 from "../../firmware/fand_2560.hex" with { type: "text" };
import image328p from "../../firmware/fand_328p.hex" with { type: "text" };
import { ATMEGA2560, ATMEGA328P, type Part } from "../../src/board/sim/parts.ts";

/** One part and what is flashed into it. */
export interface FirmwareImage {
  readonly part: Part;
  readonly image: string;
}

/** For the Arduino Uno and Nano. */
export const UNO: FirmwareImage = { part: ATMEGA328P, image: image328p };
/** For the Arduino Mega. */
export const MEGA: FirmwareImage = { part: ATMEGA2560, image: image2560 };
/** Both. */
export const FIRMWARE_IMAGES: readonly FirmwareImage[] = [UNO, MEGA];
