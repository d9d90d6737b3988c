/**
 * A communicator that tells an experiment's messages one by one, each confirmed.
 *
 * @module
 */
import { Communicator, type RigAddress } from "../communicator.ts";
import { ExpMessage } from "../exp_message.ts";
import type { ExpStatus } from "../exp_status.ts";
import { type AlyxClient, type ExpReference, Service, type ServiceMessage } from "../service.ts";

/**
 * Base of communicators that have a way to send so that it is confirmed. Each method of a service
 * sends its message so, to an address where there are several, and throws what that throws.
 *
 * @example One that hears itself
 * ```ts
 * import assert from "node:assert/strict";
 * import { Communicator } from "../../../mod.ts";
 *
 * class Mirror extends ConfirmedCommunicator {
 *   readonly isConnected = true;
 *   send(data: unknown): Promise<void> {
 *     this.receive(Communicator.encode(data), [this.hostname, this.port]);
 *     return Promise.resolve();
 *   }
 *   confirmedSend = this.send;
 * }
 *
 * await using mirror = new Mirror("localhost");
 * const started = mirror.onEvent("EXPSTART");
 * await mirror.start("2030-01-31_1_subject");
 * assert.deepEqual((await started)[0], ["2030-01-31_1_subject", null]);
 * ```
 */
export abstract class ConfirmedCommunicator extends Communicator {
  /** Sends something and waits until the other end has confirmed it. */
  abstract confirmedSend(data: unknown, address?: RigAddress, timeoutMs?: number): Promise<void>;

  /** Tells the other end to prepare for an experiment. */
  override init(data?: unknown, address?: RigAddress): Promise<void> {
    return this.confirmedSend(Service.init(data), address);
  }

  /** Tells the other end that an experiment begins. */
  override async start(
    reference: ExpReference,
    data?: unknown,
    address?: RigAddress,
  ): Promise<void> {
    await this.confirmedSend(Service.start(reference, data), address);
  }

  /** Tells the other end that the experiment has ended, or was interrupted. */
  override stop(data?: unknown, immediately?: boolean, address?: RigAddress): Promise<void> {
    return this.confirmedSend(Service.stop(data, immediately), address);
  }

  /** Tells the other end how this one stands. */
  override async status(
    status: ExpStatus | string | number,
    address?: RigAddress,
  ): Promise<void> {
    await this.confirmedSend(Service.status(status), address);
  }

  /** Tells the other end how this one stands, and more. */
  override async info(
    status: ExpStatus | string | number,
    data?: unknown,
    address?: RigAddress,
  ): Promise<void> {
    await this.confirmedSend(Service.info(status, data), address);
  }

  /** Tells the other end to clean up. */
  override cleanup(data?: unknown, address?: RigAddress): Promise<void> {
    return this.confirmedSend(Service.cleanup(data), address);
  }

  /**
   * Gives the other end a token for an Alyx database, or, without one, asks it for one and waits
   * for the answer, which may take as long as somebody needs to log in.
   *
   * @returns What was answered: the database's address and `{user: token}`; nothing if a token was
   * sent.
   */
  override async alyx(
    alyx?: AlyxClient | null,
    address?: RigAddress,
  ): Promise<unknown[] | undefined> {
    const message: ServiceMessage = Service.alyx(alyx);
    if (message[1] !== null && Object.keys(message[2] as object).length > 0) {
      await this.confirmedSend(message, address);
      return undefined;
    }
    const answer = this.onEvent(ExpMessage.ALYX);
    try {
      await this.confirmedSend(message, address);
    } catch (error) {
      this.clearCallbacks(ExpMessage.ALYX, answer);
      throw error;
    }
    return (await answer)[0];
  }
}
