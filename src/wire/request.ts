/**
 * The names of everything that two peers say to each other. The first nine are those of fand's
 * Python enumeration; the rest are this project's own.
 *
 * @module
 */

/**
 * What a message asks, answers or announces; the values are the texts that go over the wire.
 *
 * @example Compare what was received
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const [request, args]: [string, unknown[]] = ["set_pwm", ["shelf1", 42.5]];
 * assert.ok(request === Request.SET_PWM);
 * assert.equal(args[1], 42.5);
 * ```
 */
export const Request = {
  /** Asks for an {@linkcode Request.ACK}: is anybody there? */
  PING: "ping",
  /** Done; may carry what limits the effect of what was asked. */
  ACK: "ack",
  /** Asks for the duty of a shelf, in percent. */
  GET_PWM: "get_pwm",
  /** Gives the duty of a shelf, in percent. */
  SET_PWM: "set_pwm",
  /** Asks for the speed of a shelf's fans. */
  GET_RPM: "get_rpm",
  /** Gives or reports the speed of a shelf's fans, in revolutions per minute. */
  SET_RPM: "set_rpm",
  /** Sets or ends the override of a shelf's duty. */
  SET_PWM_OVERRIDE: "set_pwm_override",
  /** Sets or removes the date at which the override ends by itself. */
  SET_PWM_EXPIRE: "set_pwm_expire",
  /** Announces that the sender closes the connection, with a reason or none. */
  DISCONNECT: "disconnect",
  /** Exchanges versions and limits. */
  HELLO: "hello",
  /** Asks for the names of the shelves, or gives a page of them. */
  LIST: "list",
  /** Asks what a shelf does and why, or gives a page of that. */
  STATUS: "status",
  /** Asks why a shelf does what it does, step by step, or gives a page of that. */
  WHY: "why",
  /** Asks what would become of a shelf if something were otherwise, or gives that. */
  WHAT_IF: "whatif",
  /** Asks for the overrides in force, or gives a page of them. */
  OVERRIDES: "overrides",
  /** How much the server has to do, and which of its limits were reached. */
  COUNTERS: "counters",
  /** Asks what a shelf did over a stretch of time, or gives a page of that. */
  HISTORY: "history",
  /** Asks for the duty of a shelf now, on every change and as a heartbeat. */
  SUBSCRIBE: "subscribe",
  /** Ends a subscription. */
  UNSUBSCRIBE: "unsubscribe",
  /** A push: the duty of a shelf and how long it is good for. */
  DUTY: "duty",
  /** A push: the server still waits for the first readings of a shelf. */
  PENDING: "pending",
  /** Announces the board of the agent that sends it. */
  BOARD: "board",
  /** Asks which boards there are, or gives a page of them. */
  BOARDS: "boards",
  /** Asks for something of a board; handed on, as a push, to the agent that runs it. */
  BOARD_DO: "board_do",
  /** What a board has done: the agent tells the server, and the server the one who asked. */
  BOARD_DONE: "board_done",
  /** Gives the reading of a sensor that is pushed, and how long it is good for. */
  PUSH_READING: "push_reading",
  /** Asks for the profiles, or gives them and the one in force. */
  PROFILES: "profiles",
  /** Puts a profile in force by hand, or takes that back. */
  SET_PROFILE: "set_profile",
  /** Asks for the alerts that are active, or gives a page of them. */
  ALERTS: "alerts",
  /** Stops the repeating of an alert. */
  ACKNOWLEDGE_ALERT: "acknowledge_alert",
  /** Asks for the configuration in force, or gives a page of it. */
  CONFIG: "config",
  /** Puts the candidate beside the configuration on trial, or tells what it would change. */
  CONFIG_TRY: "config_try",
  /** Keeps the configuration that is on trial. */
  CONFIG_CONFIRM: "config_confirm",
  /** Takes the configuration that is on trial back. */
  CONFIG_TAKE_BACK: "config_take_back",
  /** Asks who has changed what, or gives a page of that. */
  AUDIT: "audit",
  /** Says why a request cannot be met; the connection stays. */
  ERROR: "error",
} as const;

/** One of the names in the constant of the same name. */
export type Request = typeof Request[keyof typeof Request];
