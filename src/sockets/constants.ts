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

/** Socket type: a stream of bytes. */
export const SOCK_STREAM = 1;
/** Socket type: datagrams. */
export const SOCK_DGRAM = 2;
/** Socket type: raw packets, which no program gets here. */
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
/** TCP option: send at once instead of waiting for more. */
export const TCP_NODELAY = 1;
/** IP option of datagrams: receive what is sent to a group. */
export const IP_ADD_MEMBERSHIP = 35;
/** IP option of datagrams: leave a group. */
export const IP_DROP_MEMBERSHIP = 36;

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
