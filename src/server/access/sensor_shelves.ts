/**
 * Which shelves rest on a reading that comes over the wire: who reports it moves their fans.
 *
 * @module
 */

import type { ServerConfig } from "../../config/config.ts";
import type { Engine } from "../../control/engine/engine.ts";

/** The shelves behind the reported sensors of one configuration. */
export class SensorShelves {
  readonly #bySensor = new Map<string, string[]>();
  readonly #byBoard = new Map<string, string[]>();

  constructor({ sensors, shelves }: ServerConfig, engine: Engine) {
    const boards = new Map<string, string>();
    for (const { name, source } of sensors) {
      if (source.type === "pushed") this.#bySensor.set(name, []);
      if (source.type === "board") boards.set(name, source.board);
    }
    for (const board of boards.values()) this.#byBoard.set(board, []);
    if (this.#bySensor.size + boards.size === 0) return;
    for (const { name } of shelves) {
      for (const sensor of engine.sensors(name)) {
        this.#bySensor.get(sensor)?.push(name);
        this.#byBoard.get(boards.get(sensor) ?? "")?.push(name);
      }
    }
  }

  /** The shelves that follow a pushed sensor; undefined when there is no such sensor. */
  ofSensor(sensor: string): readonly string[] | undefined {
    return this.#bySensor.get(sensor);
  }

  /** The shelves that follow a thermistor of a board; none when no sensor is one. */
  ofBoard(board: string): readonly string[] {
    return this.#byBoard.get(board) ?? [];
  }
}
