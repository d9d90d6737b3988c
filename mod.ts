/**
 * fand for Deno: talk to a networked fan controller.
 *
 * {@linkcode FandClient} asks a server, watches its shelves, and comes back when the line is lost.
 * Below it, {@linkcode connect}, {@linkcode send} and {@linkcode recv} speak its protocol over
 * plain `Deno.Conn`s; {@linkcode call} asks and waits for the answer. The wire format is here as
 * well, for those who bring their own transport.
 *
 * {@linkcode SerialPort} and {@linkcode listPorts} are the serial driver that fan boards are
 * reached through, and work for any other device too.
 *
 * @module
 */

export { VERSION } from "./src/version.ts";
export {
  addSocket,
  call,
  connect,
  isSocketOpen,
  recv,
  resetConnection,
  send,
  sendMessage,
  sleep,
  terminate,
  terminating,
  whenTerminate,
} from "./src/communication/mod.ts";
export {
  type CallOptions,
  type ConnectOptions,
  type Received,
  SocketManager,
  type TerminateHook,
  type WaitOptions,
} from "./src/communication/socket_manager.ts";
export {
  FandClient,
  type FandClientOptions,
  type HistoryOptions,
  type OrderLimit,
  type OverrideOptions,
} from "./src/client/fand_client.ts";
export type { Alert } from "./src/client/alert.ts";
export type { Explanation, Step } from "./src/client/explanation.ts";
export type { HistoryStep, Spread } from "./src/client/history_step.ts";
export type { ProfileInForce } from "./src/client/profile_in_force.ts";
export type { ServerInfo } from "./src/client/server_info.ts";
export type { ShelfChange } from "./src/client/shelf_change.ts";
export type {
  CauseStatus,
  FanDetails,
  FanStatus,
  FindingStatus,
  OverrideStatus,
  SensorStatus,
  ShelfStatus,
} from "./src/client/shelf_status.ts";
export { Request } from "./src/wire/request.ts";
export { FrameReader } from "./src/wire/frame.ts";
export { decodeMessage, encodeMessage, type Message } from "./src/wire/message.ts";
export { DEFAULT_WIRE_LIMITS, type WireLimits } from "./src/wire/limits.ts";
export type { WireMap, WireValue } from "./src/wire/value.ts";
export { SerialPort } from "./src/board/serial/serial_port.ts";
export { listPorts } from "./src/board/serial/list_ports.ts";
export { SerialError, type SerialFailure } from "./src/board/serial/serial_error.ts";
export type { SerialOptions } from "./src/board/serial/serial_options.ts";
export type { SerialPortInfo } from "./src/board/serial/serial_port_info.ts";
export type { SerialInputSignals, SerialOutputSignals } from "./src/board/serial/modem_lines.ts";
export { type AddressInfo, getaddrinfo } from "./src/sockets/getaddrinfo.ts";
export {
  inetNtop,
  inetNtop as inet_ntop,
  inetPton,
  inetPton as inet_pton,
} from "./src/sockets/inet.ts";
export type { TlsOptions } from "./src/sockets/net.ts";
export { Socket } from "./src/sockets/socket.ts";
export { SocketFile } from "./src/sockets/socket_file.ts";
export type { InetAddress, SocketAddress } from "./src/sockets/socket_address.ts";
export { SocketError, type SocketErrorCode, SocketTimeout } from "./src/sockets/socket_error.ts";
export * from "./src/sockets/constants.ts";
export { attachRadio } from "./src/sockets/radio/attach_radio.ts";
export { LORA_REGIONS, type LoraRegion } from "./src/sockets/radio/lora_regions.ts";
export type {
  LoraFrame,
  LoraRadio,
  Radio,
  RadioBase,
  RadioPacket,
  SigfoxFrame,
  SigfoxRadio,
} from "./src/sockets/radio/radio.ts";
export type { Log } from "./src/log.ts";
export type { Clock } from "./src/clock.ts";
export { RadioError, type RadioFailure } from "./src/sockets/radio/radio_error.ts";
export {
  AirGateway,
  AirRadio,
  type AirUplink,
  LoraAir,
  type LoraAirOptions,
} from "./src/radio/air/lora_air.ts";
export { SigfoxAir } from "./src/radio/air/sigfox_air.ts";
export {
  openLorawanModem,
  type OpenRadioOptions,
  openSigfoxModem,
} from "./src/radio/open_radio.ts";
export type { KeeperCounters, KeeperOptions } from "./src/radio/at/modem_keeper.ts";
export type { LineCounters } from "./src/radio/at/at_modem.ts";
export type { Line } from "./src/board/line.ts";
export { LorawanModem, type RadioCounters } from "./src/radio/lorawan/lorawan_modem.ts";
export {
  type SigfoxCounters,
  SigfoxModem,
  type SigfoxZone,
} from "./src/radio/sigfox/sigfox_modem.ts";
export { ConfirmedCommunicator } from "./src/rig/echo/confirmed_communicator.ts";
export { EchoCommunicator, type EchoOptions } from "./src/rig/echo/echo_communicator.ts";
export {
  Communicator,
  type RigAddress,
  type RigCallback,
  type RigEvent,
} from "./src/rig/communicator.ts";
export { ExpMessage, type ExpMessages } from "./src/rig/exp_message.ts";
export { ExpStatus } from "./src/rig/exp_status.ts";
export { externalIp, type ExternalIpOptions } from "./src/rig/external_ip.ts";
export { Future, isSuccess } from "./src/rig/future.ts";
export { hostname2ip, isValidIp } from "./src/rig/hosts.ts";
export type { RigCounters } from "./src/rig/link/link.ts";
export {
  type AlyxClient,
  type ExpReference,
  PROTOCOL_VERSION,
  Service,
  type ServiceMessage,
} from "./src/rig/service.ts";
export {
  Services,
  type ServicesCallback,
  type ServicesOptions,
  type SignalOptions,
} from "./src/rig/services.ts";
export { LISTEN_PORT, validateUri } from "./src/rig/uri.ts";
export * from "./src/errors.ts";
