/**
 * The constants of the BSD socket interface, by the names that they have everywhere. The numbers
 * are those of Linux; other systems number some of them differently, so write the names.
 *
 * @module
 */

/** Address family: any, for {@linkcode getaddrinfo}. */
export const AF_UNSPEC = 0;
/** Address family: paths of this machine. */
export const AF_UNIX = 1;
/** Address family: IPv4. */
export const AF_INET = 2;
/** Address family: IPv6. */
export const AF_INET6 = 10;
/** Address family: LoRaWAN, through the radio that {@linkcode attachRadio} was given. */
export const AF_LORA = 160;
/** Address family: Sigfox, through the radio that {@linkcode attachRadio} was given. */
export const AF_SIGFOX = 161;

/** Socket type: a stream of bytes. */
export const SOCK_STREAM = 1;
/** Socket type: datagrams. */
export const SOCK_DGRAM = 2;
/** Socket type: raw packets, of {@linkcode AF_LORA} and {@linkcode AF_SIGFOX} only. */
export const SOCK_RAW = 3;

/** Protocol: the one that the socket's type has; also the level of IP options. */
export const IPPROTO_IP = 0;
/** Protocol: TCP; also the level of its options. */
export const IPPROTO_TCP = 6;
/** Protocol: UDP. */
export const IPPROTO_UDP = 17;

/** Option level: the socket itself. */
export const SOL_SOCKET = 1;
/** Socket option: an address may be bound while old connections on it still end. */
export const SO_REUSEADDR = 2;
/** Socket option: datagrams may go to broadcast addresses. */
export const SO_BROADCAST = 6;
/** Socket option of datagrams: bytes that may wait to be sent. */
export const SO_SNDBUF = 7;
/** Socket option of datagrams: bytes that may wait to be received. */
export const SO_RCVBUF = 8;
/** Socket option of connections: probe a silent peer. */
export const SO_KEEPALIVE = 9;
/**
 * Socket option of connections, two numbers: 1 and for how many seconds closing still sends what
 * waits, where 0 seconds end a connection with a reset; or 0 and anything, for the usual end.
 */
export const SO_LINGER = 13;
/** TCP option: send at once instead of waiting for more. */
export const TCP_NODELAY = 1;
/** IP option of datagrams: receive what is sent to a group. */
export const IP_ADD_MEMBERSHIP = 35;
/** IP option of datagrams: leave a group. */
export const IP_DROP_MEMBERSHIP = 36;

/** Option level: LoRaWAN. */
export const SOL_LORA = 0xfff05;
/** LoRaWAN option: uplinks ask the network to say that it has them. */
export const SO_CONFIRMED = 0xf0002;
/** LoRaWAN option: the data rate of uplinks, 0 to 6, to 4 in US915. */
export const SO_DR = 0xf0003;
/** Option level: Sigfox. */
export const SOL_SIGFOX = 0xfff06;
/** Sigfox option: ask for a downlink with the next uplinks. */
export const SO_RX = 0xf0004;
/** Sigfox option: how often each uplink is repeated, 0 to 2; 2 unless set. */
export const SO_TX_REPEAT = 0xf0005;
/** Sigfox option: send the keep-alive of the network in the place of data. */
export const SO_OOB = 0xf0006;
/** Sigfox option: the bit that sending nothing sends. */
export const SO_BIT = 0xf0007;

/** Receive without taking it away. */
export const MSG_PEEK = 2;
/** Receive only what is there already. */
export const MSG_DONTWAIT = 64;

/** Shut down receiving. */
export const SHUT_RD = 0;
/** Shut down sending. */
export const SHUT_WR = 1;
/** Shut down both directions. */
export const SHUT_RDWR = 2;

/** {@linkcode getaddrinfo}: without a host, give the address to listen on. */
export const AI_PASSIVE = 1;
/** {@linkcode getaddrinfo}: the host is an address; look up no name. */
export const AI_NUMERICHOST = 4;
